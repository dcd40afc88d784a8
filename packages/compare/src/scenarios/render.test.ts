import { expect, it } from 'vitest'
import { seconds } from './render.ts'

it.each([
  [{ median: 1900, min: 1800, max: 2100, runs: 3 }, '1.9±0.5'],
  [{ median: 12_345, min: 11_000, max: 14_000, runs: 3 }, '12±5'],
  [{ median: 9949, min: 9949, max: 9949, runs: 2 }, '9.9±0.0'],
  [{ median: 3700, min: 3700, max: 3700, runs: 1 }, '3.7'],
])('%o is %s', (spread, text) => {
  expect(seconds(spread)).toBe(text)
})
