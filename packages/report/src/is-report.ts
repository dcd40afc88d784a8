import { Check } from './check.ts'
import { imageProblems } from './images.ts'
import type { Report } from './schema.ts'

/** Whether `value` is a report. */
export function isReport(value: unknown): value is Report {
  return Check(value) && imageProblems(value).length === 0
}
