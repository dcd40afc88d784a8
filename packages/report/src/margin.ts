import type { Spread } from './schema.ts'

/** How many ranges the margin is: of two measurements, of three and so on, and of more than there are here. */
const ranges = [5, 1.5, 0.9, 0.7, 0.55, 0.5, 0.45, 0.4]
const rangesOfMore = 0.35

/**
 * How far from this median that of another comparison with as many measurements lies at most, nine times of ten, in
 * milliseconds. Infinite for one measurement, which says nothing of another. The factors are the 90 % quantiles of normal
 * distributions, found by simulation and rounded up.
 */
export function margin({ min, max, runs }: Spread): number {
  return runs < 2 ? Infinity : (ranges[runs - 2] ?? rangesOfMore) * (max - min)
}
