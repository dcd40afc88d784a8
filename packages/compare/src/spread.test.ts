import { expect, it } from 'vitest'
import { spread } from './spread.ts'

it('takes the middle of an odd number of measurements, and the mean of the two middles of an even one', () => {
  expect(spread([30, 10, 20])).toEqual({ median: 20, min: 10, max: 30, runs: 3 })
  expect(spread([40, 10, 20, 30])).toEqual({ median: 25, min: 10, max: 40, runs: 4 })
})

it('keeps tenths of a millisecond', () => {
  expect(spread([1.2345])).toEqual({ median: 1.2, min: 1.2, max: 1.2, runs: 1 })
})

it('refuses to summarise nothing', () => {
  expect(() => spread([])).toThrow(RangeError)
})
