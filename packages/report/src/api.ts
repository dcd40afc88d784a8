/** What express-api answers, for those who ask it. */
import type { Report } from './schema.ts'

/** A report in a list. `createdAt` is the report's own, in UTC with milliseconds; `images` counts those measured. */
export type Summary = {
  id: number
  createdAt: string
  revision: string
  images: number
  state: NonNullable<Report['state']>
}

/** One image in one report. `startToReadyMs` is the median, `standIn` whether its base was not the official one. */
export type Measurement = {
  id: number
  createdAt: string
  compressedBytes: number
  unpackedBytes: number
  startToReadyMs: number
  standIn: boolean
}

/** `next` is the cursor of the following page, null on the last. */
export type Page<T> = { items: T[]; next: string | null }
