import { expect, it } from 'vitest'
import { isRight, readAnswer } from './answers.ts'
import type { Prediction } from './model.ts'

const choice: Prediction = { id: 'c', fact: 'build', choices: ['ok', 'failed'] }
const lines: Prediction = { id: 'l', fact: 'rerun-lines' }
const size: Prediction = { id: 's', fact: 'size.disk' }

it.each<[Prediction, string, unknown]>([
  [choice, '2', 'failed'],
  [choice, 'ok', 'ok'],
  [lines, '7, 5 5', [5, 7]],
  [lines, 'none', []],
  [lines, 'ninguna', []],
  [size, '170 MB', 170e6],
  [size, '1,5 GB', 1.5e9],
  [size, '200', 200e6],
  [{ id: 'n', fact: 'stage-count' }, '3', 3],
])('%j: "%s"', (question, said, answer) => {
  expect(readAnswer(question, said)).toEqual(answer)
})

it.each<[Prediction, string]>([
  [choice, '3'],
  [lines, 'five'],
  [size, 'large'],
  [{ id: 'n', fact: 'layers.added' }, '-1'],
])('%j refuses "%s"', (question, said) => {
  expect(() => readAnswer(question, said)).toThrow(/is no answer to/)
})

it('takes a size within a fifth, and lines in full', () => {
  expect([isRight(size, 80e6, 100e6), isRight(size, 79e6, 100e6)]).toEqual([true, false])
  expect([isRight(lines, [5, 6], [5, 6]), isRight(lines, [5], [5, 6])]).toEqual([true, false])
})
