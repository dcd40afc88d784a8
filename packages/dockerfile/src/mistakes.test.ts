import { expect, it } from 'vitest'
import { accepted, mistakes } from '../test/mistakes.ts'
import { analyze, DockerfileError } from './index.ts'

const refusal = (text: string): DockerfileError => {
  try {
    analyze(text)
  } catch (error) {
    if (error instanceof DockerfileError) return error
    throw error
  }
  throw new Error('nothing was wrong with it')
}

it.each(mistakes)('says what is wrong and where: $name', ({ dockerfile, code, line, column, message }) => {
  const error = refusal(dockerfile)
  const text = dockerfile.split('\n')[line - 1]
  expect({ code: error.code, message: error.message, place: error.place }).toEqual({
    code,
    message,
    place: { line, column, text },
  })
})

it.each([
  ['nothing at all', ''],
  ['a comment alone', '# FROM x\n\n'],
])('says that %s is empty', (_name, text) => {
  expect(refusal(text)).toMatchObject({
    code: 'syntax',
    message: 'The Dockerfile is empty: it has no instruction',
  })
})

it('says that there is no stage', () => {
  expect(refusal('ARG A=1')).toMatchObject({ code: 'syntax', message: expect.stringContaining('no FROM') })
})

it('refuses NUL bytes, with the place', () => {
  expect(refusal('FROM scratch\nRUN a\0b')).toMatchObject({ code: 'syntax', place: { line: 2, column: 6 } })
})

it.each(accepted)('takes $name', ({ dockerfile }) => {
  expect(analyze(dockerfile).stages).not.toEqual([])
})
