import { expect, it } from 'vitest'
import { readSorting, writeSorting } from './columns.ts'

it.each([
  ['', []],
  ['pull', [{ id: 'pull', desc: false }]],
  ['-pull', [{ id: 'pull', desc: true }]],
])('reads the order %j and writes it again', (text, sorting) => {
  expect(readSorting(text)).toEqual(sorting)
  expect(writeSorting(sorting)).toBe(text)
})

it('takes a dash alone for no order', () => {
  expect(readSorting('-')).toEqual([])
})
