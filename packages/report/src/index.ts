import { Settings } from 'typebox/system'
import { Errors } from 'typebox/value'
import { Check } from './check.ts'
import { imageProblems, type SchemaProblem } from './images.ts'
import { Report } from './schema.ts'

export type { SchemaProblem } from './images.ts'
export { isReport } from './is-report.ts'
export * from './schema.ts'

const maxProblems = 50
Settings.Set({ maxErrors: maxProblems })

/**
 * The places where `value` breaks the report's schema or what it cannot say of images, at most 50; an empty array when it
 * keeps both. Unknown properties are allowed, so that a newer minor addition stays readable.
 */
export function reportProblems(value: unknown): SchemaProblem[] {
  if (Check(value)) return imageProblems(value).slice(0, maxProblems)
  return Errors(Report, value).map(({ instancePath, message }) => ({ path: instancePath, message }))
}
