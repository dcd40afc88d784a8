import { margin } from '@stagecraft/report/margin'
import type { Spread } from '@stagecraft/report/schema'

const oneDigit = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' })

/** Decimal megabytes, as registries count: "85.4". */
export function megabytes(bytes: number): string {
  return oneDigit.format(bytes / 1e6)
}

const units = ['bytes', 'kB', 'MB', 'GB'] as const

/** A size with the unit that suits it, for places without a column: "1.2 kB". */
export function size(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  return `${(power === 0 ? whole : oneDigit).format(bytes / 1000 ** power)} ${units[power]}`
}

/** Whole milliseconds: "618". */
export function milliseconds(ms: number): string {
  return whole.format(ms)
}

/** "± 45", in whole milliseconds: nine of ten comparisons find the median so near. '–' for a single measurement. */
export function plusMinus(spread: Spread): string {
  return spread.runs > 1 ? `± ${milliseconds(margin(spread))}` : '–'
}

export function count(value: number): string {
  return whole.format(value)
}

/** How many times as much: "6.9". */
export function times(ratio: number): string {
  return oneDigit.format(ratio)
}

/** In the reader's time zone: "21 Nov 2026, 16:15". */
export function dateTime(iso: string): string {
  return moment.format(new Date(iso))
}

/** How long ago, roughly: "2 minutes ago". */
export function ago(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000))
  if (seconds < 60) return relative.format(-seconds, 'second')
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return relative.format(-minutes, 'minute')
  return relative.format(-Math.round(minutes / 60), 'hour')
}

/** How long something has lasted, roughly: "2 min". */
export function duration(ms: number): string {
  const minutes = Math.max(1, Math.floor(ms / 60_000))
  return minutes < 60 ? `${minutes} min` : `${count(Math.floor(minutes / 60))} h`
}

/** "1 image", "2 images". */
export function counted(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`
}

/** The first seven characters of a commit, with the "+" of changed files. */
export function shortRevision(revision: string): string {
  return /^[0-9a-f]{8,}\+?$/.test(revision)
    ? revision.slice(0, 7) + (revision.endsWith('+') ? '+' : '')
    : revision
}
