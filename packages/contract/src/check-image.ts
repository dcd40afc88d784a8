import { contract, robustness } from './contract.ts'
import { BrokenPromise, type Check, type Subject } from './model.ts'

/** `detail` is empty for a pass, else the broken promise's message, below the reason for an excused one. */
export interface CheckResult {
  id: string
  verdict: 'pass' | 'fail' | 'excused'
  detail: string
}

/** The checks that apply to an image of this variant, of the contract if no others are given. */
export function checksFor({ variant }: Pick<Subject, 'variant'>, checks = contract): Check[] {
  return checks.filter(({ appliesTo }) => !appliesTo || appliesTo.includes(variant))
}

/**
 * Checks an image, one result as soon as each is there. An excuse for a promise that is kept is a failure too.
 * @param ids the checks to make, in their order in the contract and `robustness`; if left out, those of the contract
 *   that apply to the variant
 * @throws RangeError for an id that is none; any error that kept a check from being made, such as an engine out of reach
 */
export async function* checkImage(
  subject: Subject,
  ids?: readonly string[],
): AsyncGenerator<CheckResult, void> {
  const all = [...contract, ...robustness]
  const unknown = ids?.find((id) => !all.some((check) => check.id === id))
  if (unknown !== undefined)
    throw new RangeError(`There is no check "${unknown}". There are: ${all.map(({ id }) => id).join(', ')}.`)
  const wanted = ids ? all.filter(({ id }) => ids.includes(id)) : contract
  for (const check of checksFor(subject, wanted)) yield await checkPromise(check, subject)
}

async function checkPromise(check: Check, subject: Subject): Promise<CheckResult> {
  const { id } = check
  const excuse = subject.config.excused?.[subject.variant]?.[id]
  try {
    await check.check(subject)
  } catch (error) {
    if (!(error instanceof BrokenPromise)) throw error
    return excuse
      ? { id, verdict: 'excused', detail: `${excuse}\n${error.message}` }
      : { id, verdict: 'fail', detail: error.message }
  }
  if (!excuse) return { id, verdict: 'pass', detail: '' }
  const detail = `${id}: kept, though excused ("${excuse}"). Take the excuse out of apps/${subject.app}/image.config.ts.`
  return { id, verdict: 'fail', detail }
}
