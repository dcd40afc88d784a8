import { Compile } from 'typebox/compile'
import { Settings } from 'typebox/system'
import { Report } from './schema.ts'

export * from './schema.ts'

/** An error that says where a document breaks the schema. `path` is a JSON Pointer (RFC 6901), '' for the whole. */
export type SchemaProblem = { path: string; message: string }

const maxProblems = 50
Settings.Set({ maxErrors: maxProblems })

const validator = Compile(Report)

/**
 * The places where `value` breaks the report's schema, at most 50; an empty array when it keeps it. An image is known by
 * its app and variant, so a second image of the same two is a problem too, which JSON Schema cannot say.
 * Unknown properties are allowed, so that a newer minor addition stays readable.
 */
export function reportProblems(value: unknown): SchemaProblem[] {
  if (validator.Check(value)) return repeatedImages(value)
  return validator.Errors(value).map(({ instancePath, message }) => ({ path: instancePath, message }))
}

/** Whether `value` is a report. */
export function isReport(value: unknown): value is Report {
  return reportProblems(value).length === 0
}

function repeatedImages({ images }: Report): SchemaProblem[] {
  const first = new Map<string, number>()
  const problems: SchemaProblem[] = []
  for (const [index, { app, variant }] of images.entries()) {
    const earlier = first.get(`${app}:${variant}`)
    if (earlier === undefined) first.set(`${app}:${variant}`, index)
    else
      problems.push({
        path: `/images/${index}`,
        message: `must not repeat ${app}:${variant} of /images/${earlier}`,
      })
  }
  return problems.slice(0, maxProblems)
}
