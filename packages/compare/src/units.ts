import type { Spread } from '@stagecraft/report'
import { margin } from '@stagecraft/report/margin'

export const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1, minimumFractionDigits: 1 })

/** Decimal megabytes, as registries and the official images' documentation count. One unit for every column. */
export function megabytes(bytes: number): string {
  return number.format(bytes / 1e6)
}

/** As `264 ± 52`, whole milliseconds; of one measurement without the margin. */
export function milliseconds(spread: Spread): string {
  const { median, runs } = spread
  return runs > 1 ? `${median.toFixed(0)} ± ${margin(spread).toFixed(0)}` : median.toFixed(0)
}
