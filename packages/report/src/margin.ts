import type { Spread } from './schema.ts'

/** By the number of measurements, from none on, and the last for more: how many of their ranges the margin is. */
const ranges = [Infinity, Infinity, 5, 1.5, 0.9, 0.7, 0.55, 0.5, 0.45, 0.4, 0.35]

/**
 * How far from this median that of another comparison with as many measurements lies at most, nine times of ten, in
 * milliseconds. Infinite for one measurement, which says nothing of another. The factors are the 90 % quantiles of normal
 * distributions, found by simulation and rounded up.
 */
export function margin({ min, max, runs }: Spread): number {
  const factor = ranges[Math.min(runs, ranges.length - 1)] ?? Infinity
  return factor === Infinity ? Infinity : factor * (max - min)
}
