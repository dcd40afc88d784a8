import type { Spread } from '@stagecraft/report'

/** Median and range of measurements in milliseconds, to a tenth. @throws RangeError when there is none */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const [lower, upper] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  if (lower === undefined || upper === undefined) throw new RangeError('no measurements')
  const [min, max] = [Math.min(...sorted), Math.max(...sorted)]
  return { median: round((lower + upper) / 2), min: round(min), max: round(max), runs: sorted.length }
}

/** To a tenth. */
export function round(ms: number): number {
  return Math.round(ms * 10) / 10
}
