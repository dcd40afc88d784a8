import { Compile } from 'typebox/compile'
import { Settings } from 'typebox/system'
import { imageProblems, type SchemaProblem } from './images.ts'
import { Report } from './schema.ts'

export type { SchemaProblem } from './images.ts'
export * from './schema.ts'

const maxProblems = 50
Settings.Set({ maxErrors: maxProblems })

const validator = Compile(Report)

/**
 * The places where `value` breaks the report's schema or what it cannot say of images, at most 50; an empty array when it
 * keeps both. Unknown properties are allowed, so that a newer minor addition stays readable.
 */
export function reportProblems(value: unknown): SchemaProblem[] {
  if (validator.Check(value)) return imageProblems(value).slice(0, maxProblems)
  return validator.Errors(value).map(({ instancePath, message }) => ({ path: instancePath, message }))
}

/** Whether `value` is a report. */
export function isReport(value: unknown): value is Report {
  return reportProblems(value).length === 0
}
