export const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1, minimumFractionDigits: 1 })

/** Decimal megabytes, as registries and the official images' documentation count. One unit for every column. */
export function megabytes(bytes: number): string {
  return number.format(bytes / 1e6)
}
