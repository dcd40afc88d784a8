import { DockerfileError } from '@stagecraft/dockerfile'
import type { Attempt } from './attempt.ts'
import { passes } from './conditions.ts'
import { figuresOf, NotBuilt } from './facts/build.ts'
import { factOf, see } from './facts/index.ts'
import { type Failure, notRead } from './failure.ts'
import type { Check } from './model.ts'
import { rememberDurations } from './reruns.ts'

/** The first check that fails. That the image can be built comes before what needs it. */
export async function climb(attempt: Attempt, builds: boolean): Promise<{ failure?: Failure; tier: number }> {
  const { checks } = attempt.exercise
  const first = checks.findIndex(({ fact }) => factOf(fact).tier >= 2)
  const before = first < 0 ? checks : checks.slice(0, first)
  const after = first < 0 ? [] : checks.slice(first)
  let tier = 0
  for (const check of before) {
    tier = Math.max(tier, factOf(check.fact).tier)
    const failure = await tryCheck(attempt, check)
    if (failure) return { failure, tier }
  }
  if (builds) {
    const build = await attempt.build()
    tier = 2
    if (!build.ok) {
      const { figures = {}, cause = 'build' } = figuresOf(build, await attempt.dockerfile())
      return {
        failure: { id: 'builds', kind: 'input', cause, figures: { file: attempt.file, ...figures } },
        tier,
      }
    }
    await rememberDurations(attempt)
  }
  for (const check of after) {
    tier = Math.max(tier, factOf(check.fact).tier)
    const failure = await tryCheck(attempt, check)
    if (failure) return { failure, tier }
  }
  return { tier }
}

async function tryCheck(attempt: Attempt, check: Check): Promise<Failure | undefined> {
  try {
    const { value, figures, cause } = await see(attempt, check)
    if (passes(value, check)) return undefined
    return { id: check.id, kind: 'check', cause, figures }
  } catch (error) {
    return { id: check.id, kind: 'check', ...(await seenIn(attempt, error)) }
  }
}

/** What an error says about the learner's files. @throws any other error */
async function seenIn(attempt: Attempt, error: unknown): Promise<Pick<Failure, 'cause' | 'figures'>> {
  if (error instanceof DockerfileError) return notRead(attempt, error)
  if (!(error instanceof NotBuilt)) throw error
  const { cause = 'build', figures = {} } = figuresOf(error.build, await attempt.dockerfile())
  return { cause, figures: { file: attempt.file, ...figures } }
}
