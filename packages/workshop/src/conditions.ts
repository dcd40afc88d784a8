import type { Asked, Condition, Test } from './model.ts'

const units: Record<string, number> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 }

/** A bound as a number; `120 MB` in bytes. */
export function bound(value: number | string): number {
  if (typeof value === 'number') return value
  const [amount = '0', unit = 'B'] = value.split(' ')
  return Number(amount) * (units[unit] ?? 1)
}

/** Whether a text is, or a list has, what is wanted: `/text/` is a regular expression. */
function has(value: unknown, wanted: unknown): boolean {
  const [, source] = typeof wanted === 'string' ? (/^\/(.+)\/$/s.exec(wanted) ?? []) : []
  // A path looks like an expression without its last slash; one with both is never looked for.
  const pattern = source === undefined ? undefined : new RegExp(source, 'm')
  if (Array.isArray(value))
    return value.some((each) => (pattern ? pattern.test(String(each)) : String(each) === String(wanted)))
  return pattern ? pattern.test(String(value)) : String(value).includes(String(wanted))
}

/** What of a list a test excludes. */
export const unwanted = (values: readonly unknown[], excluded: unknown): unknown[] =>
  values.filter((each) => has([each], excluded))

const isEmpty = (value: unknown) =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

/** Whether a fact's value passes a test. What is missing has no size, and passes no bound. */
export function passes(value: unknown, test: Test): boolean {
  if (test.is !== undefined) return JSON.stringify(value) === JSON.stringify(test.is)
  if (test.not !== undefined) return JSON.stringify(value) !== JSON.stringify(test.not)
  if (test.atMost !== undefined) return typeof value === 'number' && value <= bound(test.atMost)
  if (test.atLeast !== undefined) return typeof value === 'number' && value >= bound(test.atLeast)
  if (test.includes !== undefined) return has(value, test.includes)
  if (test.excludes !== undefined) return !has(value, test.excludes)
  if (test.matches !== undefined) {
    const pattern = new RegExp(test.matches, 'm')
    return Array.isArray(value)
      ? value.some((each) => pattern.test(String(each)))
      : pattern.test(String(value ?? ''))
  }
  return isEmpty(value) === test.empty
}

/** What a test wants, for a text. */
export function limitOf({ is, not, atMost, atLeast, includes, excludes, matches }: Test): string | undefined {
  const wanted = is ?? not ?? atMost ?? atLeast ?? includes ?? excludes ?? matches
  return wanted === undefined ? undefined : String(wanted)
}

/** The facts that a condition asks for, in their order. */
export function askedIn(condition: Condition): Asked[] {
  if ('all' in condition) return condition.all.flatMap(askedIn)
  if ('any' in condition) return condition.any.flatMap(askedIn)
  if ('none' in condition) return condition.none.flatMap(askedIn)
  return [condition]
}
