import type { ImageReport } from '@stagecraft/report'

/** A column of a table with a row for each image. */
export interface Column {
  head: string
  align: 'left' | 'right'
  cell: (image: ImageReport) => string
  /** A time that was measured once: without a spread, it is in no committed table. */
  once?: true
  /** What it means. */
  note?: string
}

/** Behind the name of an image that was measured on a stand-in. */
export const standInMark = '*'

export function nameOf({ app, variant, base }: ImageReport): string {
  return `${app}:${variant}${base.standIn ? standInMark : ''}`
}
