import { expect, it } from 'vitest'
import { caretIndent, lineRange, problemPlace } from './place.ts'

it('a problem has a place if it says line, column and text', () => {
  const place = { line: 3, column: 2, text: 'FOO' }
  expect(problemPlace({ detail: 'There is no instruction FOO', code: 'syntax', ...place })).toEqual(place)
  expect(problemPlace({ detail: 'The Dockerfile is empty', code: 'syntax' })).toBeUndefined()
  expect(problemPlace({ line: '3', column: 2, text: 'FOO' })).toBeUndefined()
})

it('the mark stands under its column', () => {
  expect(caretIndent({ line: 1, column: 1, text: 'FOO' })).toBe('')
  expect(caretIndent({ line: 1, column: 5, text: 'a\tb c' })).toBe(' \t  ')
})

it('a line is found in a text of many', () => {
  const text = 'FROM a\nRUN b\n\nRUN c'
  const lines = [1, 2, 3, 4, 5].map((line) => text.slice(...lineRange(text, line)))
  expect(lines).toEqual(['FROM a', 'RUN b', '', 'RUN c', ''])
})
