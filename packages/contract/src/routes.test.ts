import { expect, it } from 'vitest'
import { holds } from './routes.ts'

it.each([
  [{ a: 1, b: 2 }, { a: 1 }],
  [{ a: { b: [1, { c: null, d: 2 }] } }, { a: { b: [1, { c: null }] } }],
  [[], []],
  ['text', 'text'],
])('%j holds %j', (actual, expected) => {
  expect(holds(actual, expected)).toBe(true)
})

it.each([
  [{ a: 1 }, { a: '1' }],
  [{ a: 1 }, { b: undefined, a: 2 }],
  [[1, 2], [1]],
  [[1], { 0: 1 }],
  [{ 0: 1 }, [1]],
  [null, {}],
  [undefined, {}],
])('%j does not hold %j', (actual, expected) => {
  expect(holds(actual, expected)).toBe(false)
})
