import { expect, it } from 'vitest'
import { margin } from './margin.ts'

/** Medians of `runs` nearly normal numbers each, with their ranges, the same every time. */
function medians(runs: number): { median: number; min: number; max: number; runs: number }[] {
  let seed = 1
  // Park and Miller's generator; twelve of its numbers are nearly normal.
  const next = () => {
    seed = (seed * 48271) % 2147483647
    return seed / 2147483647
  }
  const normal = () => Array.from({ length: 12 }, next).reduce((sum, each) => sum + each, 0)
  return Array.from({ length: 4000 }, () => {
    const sorted = Array.from({ length: runs }, normal).sort((a, b) => a - b)
    const [low = 0, high = 0] = [sorted[(runs - 1) >> 1], sorted[runs >> 1]]
    return { median: (low + high) / 2, min: sorted[0] ?? 0, max: sorted.at(-1) ?? 0, runs }
  })
}

it.each([2, 3, 4, 5, 6, 7, 8, 9, 10, 20])('of %i measurements, nine of ten others lie within', (runs) => {
  const all = medians(runs)
  const within = all.filter((each, index) => {
    const other = all[(index + 1) % all.length]
    return Math.abs(each.median - (other?.median ?? 0)) <= margin(each)
  })
  expect(within.length / all.length).toBeGreaterThan(0.9)
  // A margin that is always kept would say nothing.
  expect(within.length / all.length).toBeLessThan(0.999)
})

it('of one measurement nothing is known', () => {
  expect(margin({ median: 1, min: 1, max: 1, runs: 1 })).toBe(Infinity)
})
