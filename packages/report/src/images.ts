import type { ImageName, Report } from './schema.ts'

/** An error that says where a document breaks the schema. `path` is a JSON Pointer (RFC 6901), '' for the whole. */
export type SchemaProblem = { path: string; message: string }

/**
 * What JSON Schema cannot say of a report's images, in a module that needs no compiler: an image is known by its app and
 * variant, so it is measured or has failed once; and there are none only while figures may still come, or where all failed.
 */
export function imageProblems({
  state,
  planned = [],
  images,
  failures = [],
  others = [],
}: Report): SchemaProblem[] {
  const whole = state === undefined || state === 'done'
  return [
    ...(whole && images.length + failures.length + others.length === 0
      ? [{ path: '/images', message: 'must not be empty once a report is done, unless there are failures' }]
      : []),
    ...repeats([
      ...images.map((image, index) => ({ ...image, path: `/images/${index}` })),
      ...failures.map((failure, index) => ({ ...failure, path: `/failures/${index}` })),
    ]),
    ...repeats(planned.map((image, index) => ({ ...image, path: `/planned/${index}` }))),
  ]
}

function repeats(named: (ImageName & { path: string })[]): SchemaProblem[] {
  const first = new Map<string, string>()
  return named.flatMap(({ app, variant, path }) => {
    const name = `${app}:${variant}`
    const earlier = first.get(name)
    if (earlier !== undefined) return { path, message: `must not repeat ${name} of ${earlier}` }
    first.set(name, path)
    return []
  })
}
