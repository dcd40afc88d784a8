import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Attempt, type Step } from './attempt.ts'
import { baseIds } from './bases.ts'
import { diagnose } from './diagnose.ts'
import type { Failure } from './failure.ts'
import { hashFolder } from './folder.ts'
import { inputProblem } from './input.ts'
import type { Loaded } from './load.ts'
import type { Answers } from './model.ts'
import { recall, remember, verdictKey } from './remember.ts'
import type { Diagnosis, Verdict } from './verdict.ts'

export interface CheckOptions {
  answers?: Answers
  signal?: AbortSignal | undefined
  onStep?: (step: Step) => void
  /** Whether to find out, once all has passed, what the learner changed. */
  withOutcome?: boolean
}

const settled = { passed: 'passed', failed: 'failed', waiting: 'not run' } as const

/**
 * Checks a learner's folder, tier by tier, and stops at the first check that fails.
 * @throws WorkshopError when no engine answers; the signal's reason
 */
export async function checkFolder(
  loaded: Loaded,
  folder: string,
  { answers = {}, signal, onStep, withOutcome = false }: CheckOptions = {},
): Promise<Verdict> {
  const begin = performance.now()
  const { exercise } = loaded
  await using attempt = new Attempt({ exercise, folder, answers, signal, onStep })
  const builds = existsSync(join(loaded.folder, 'start', attempt.file))
  const finish = (failure: Failure | undefined, diagnosis: Diagnosis | undefined, tier: number): Verdict => {
    const ids = exercise.checks.map(({ id }) => id)
    const failed = ids.indexOf(failure?.id ?? '')
    const outcomeOf = (index: number) => {
      if (!failure) return settled.passed
      if (failed < 0) return settled.waiting
      if (index === failed) return settled.failed
      return index < failed ? settled.passed : settled.waiting
    }
    return {
      passed: !failure,
      checks: ids.map((id, index) => ({ id, outcome: outcomeOf(index) })),
      ...(diagnosis && { diagnosis }),
      remembered: false,
      tier,
      seconds: (performance.now() - begin) / 1000,
    }
  }

  const wrongInput = builds ? await inputProblem(attempt) : undefined
  if (wrongInput) return finish(wrongInput, await diagnose(attempt, wrongInput), 0)
  const bases = builds ? await baseIds(attempt) : { ids: [], missing: [] }
  const [missing] = bases.missing
  if (missing !== undefined) {
    const figures = { value: missing, bases: exercise.offline.bases.join(', '), file: attempt.file }
    const failure: Failure = { id: 'base', kind: 'input', cause: 'base', figures }
    return finish(failure, await diagnose(attempt, failure), 0)
  }
  const key = await verdictKey(loaded, [
    await hashFolder(folder),
    ...bases.ids,
    JSON.stringify(answers),
    `${withOutcome}`,
  ])
  const known = await recall<Verdict>(exercise.slug, key)
  if (known) return { ...known, remembered: true, seconds: (performance.now() - begin) / 1000 }

  // Loaded when needed: facts take longer to load than what has not changed takes to be recalled.
  const [{ climb }, { findOutcome }] = await Promise.all([import('./climb.ts'), import('./figures.ts')])
  const { failure, tier } = await climb(attempt, builds)
  const outcome = failure || !withOutcome ? undefined : await findOutcome(loaded, attempt)
  const verdict = {
    ...finish(failure, failure && (await diagnose(attempt, failure)), tier),
    ...(outcome && { outcome }),
  }
  // What time, disk or network ended may go better the next time.
  const { cause = '' } = verdict.diagnosis ?? {}
  if (!/^(build\.(time|disk|frontend)|silent\.(nothing-listens|no-answer))$/.test(cause))
    await remember(exercise.slug, key, verdict)
  return verdict
}
