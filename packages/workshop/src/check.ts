import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DockerfileError } from '@stagecraft/dockerfile'
import { Attempt, type Step } from './attempt.ts'
import { baseIds } from './bases.ts'
import { passes } from './conditions.ts'
import { figuresOf, NotBuilt } from './facts/build.ts'
import { factOf, holds, see } from './facts/index.ts'
import { findOutcome } from './figures.ts'
import { hashFolder } from './folder.ts'
import type { Loaded } from './load.ts'
import type { Answers, Check, Figures } from './model.ts'
import { recall, remember, verdictKey } from './remember.ts'
import { rememberDurations } from './reruns.ts'
import type { Diagnosis, Verdict } from './verdict.ts'

export interface CheckOptions {
  answers?: Answers
  signal?: AbortSignal | undefined
  onStep?: (step: Step) => void
  /** Whether to find out, once all has passed, what the learner changed. */
  withOutcome?: boolean
}

/** A check that failed, with what was seen. */
interface Failure {
  id: string
  kind: 'check' | 'input'
  cause: string
  figures: Figures
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

/** The first check that fails. That the image can be built comes before what needs it. */
async function climb(attempt: Attempt, builds: boolean): Promise<{ failure?: Failure; tier: number }> {
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
async function seenIn(attempt: Attempt, error: unknown): Promise<{ cause: string; figures: Figures }> {
  if (error instanceof NotBuilt) {
    const { cause = 'build', figures = {} } = figuresOf(error.build, await attempt.dockerfile())
    return { cause, figures: { file: attempt.file, ...figures } }
  }
  if (!(error instanceof DockerfileError)) throw error
  const { code, message, place } = error
  const { target = '' } = attempt.exercise.build ?? {}
  const cause = code === 'unknown-target' ? 'target' : 'syntax'
  const figures = {
    file: attempt.file,
    error: message,
    target,
    ...(place && { line: place.line, instruction: place.text.trim() }),
  }
  return { cause, figures }
}

/** What is wrong before anything is built. */
async function inputProblem(attempt: Attempt): Promise<Failure | undefined> {
  const { file, folder } = attempt
  const problem = (id: string, figures: Figures = {}): Failure => ({
    id,
    kind: 'input',
    cause: id,
    figures: { file, ...figures },
  })
  const bytes = await readFile(join(folder, file)).catch(() => undefined)
  if (!bytes) return problem('missing')
  if (bytes.length === 0) return problem('empty')
  if (bytes.includes(0) || !isUtf8(bytes)) return problem('encoding')
  for (const { path, size } of await attempt.files()) {
    if (size > 100_000 || !/(^|\/)[^.]*$|\.sh$/.test(path) || path === file) continue
    const text = (await attempt.read(path)) ?? ''
    if (text.startsWith('#!') && /^[^\n]*\r\n/.test(text)) return problem('line-ends', { path })
  }
  try {
    await attempt.analysis()
    return undefined
  } catch (error) {
    const { cause, figures } = await seenIn(attempt, error)
    return { id: cause, kind: 'input', cause, figures }
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

const unreadable = ['missing', 'empty', 'encoding', 'line-ends', 'syntax', 'target', 'base']

/** The first mistake that matches, else the failure itself. */
async function diagnose(attempt: Attempt, failure: Failure): Promise<Diagnosis> {
  const { id, kind, cause, figures } = failure
  const withLine = (all: Figures) => (typeof all.line === 'number' ? { line: all.line } : {})
  for (const mistake of attempt.exercise.mistakes) {
    // What cannot be read at all has a cause of its own.
    const wanted = mistake.check ?? (unreadable.includes(id) ? undefined : id)
    if (wanted !== id) continue
    const { matched, figures: more } = await holds(attempt, mistake.when).catch((error) => {
      if (error instanceof NotBuilt || error instanceof DockerfileError)
        return { matched: false, figures: {} }
      throw error
    })
    // What the check has seen and its limit go first: that is what the text is about.
    const all = { ...more, ...figures }
    if (matched)
      return { id: mistake.id, kind: 'mistake', cause, figures: all, ...withLine({ ...figures, ...more }) }
  }
  return { id, kind, cause, figures, ...withLine(figures) }
}
