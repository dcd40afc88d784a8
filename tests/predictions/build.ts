import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { analyze } from '@stagecraft/dockerfile'
import { readProgress, type StepRun } from '@stagecraft/engine'
import { type Held, hold, unseen, wrong } from '@stagecraft/engine/held'
import { execa } from 'execa'
import { type Case, questionOf, type Try } from './cases.ts'
import { apply, type Build, openContext } from './context.ts'

const nameOf = (index: number): string => `build-${index}`

/** Builds all at once with the engine's builder, and keeps nothing but the cache. */
async function buildAll(builds: readonly Build[]): Promise<StepRun[]> {
  const targets = builds.map(({ folder, file, target, args, contexts, secrets = {} }) => ({
    context: folder,
    dockerfile: file,
    target,
    args,
    contexts,
    secret: Object.entries(secrets).map(([id, src]) => `type=file,id=${id},src=${src}`),
    // No command of a case needs one, and it takes the engine longer than the command.
    network: 'none',
    output: ['type=cacheonly'],
  }))
  const target = Object.fromEntries(targets.map((each, index) => [nameOf(index), each]))
  await Promise.all(builds.map(({ file, dockerfile }) => writeFile(file, dockerfile)))
  const { stderr } = await execa(
    'docker',
    [
      'buildx',
      'bake',
      '--builder=default',
      '--progress=rawjson',
      '--provenance=false',
      '--file=-',
      ...Object.keys(target),
    ],
    // bake may read what is below its directory; about other folders it asks.
    { cwd: tmpdir(), input: JSON.stringify({ target }) },
  )
  const runs = readProgress(stderr)
  // The only build has no name.
  return builds.length > 1 ? runs : runs.map((run) => ({ ...run, of: [nameOf(0), ...run.of] }))
}

/** A change of a case, tried. */
export interface Attempt {
  of: Case
  change: Try
}

export const attemptsOf = (of: Case): Attempt[] => of.changes.map((change) => ({ of, change }))

/** Changes of one case that are made in the same folder, one after the other; more are made in another one beside. */
const perFolder = 7

/**
 * Builds cases, makes changes and builds again, each from the same beginning.
 * @returns what was predicted after each against what ran
 */
async function tryAll(attempts: readonly Attempt[]): Promise<Map<Attempt, Held[]>> {
  await using folders = new AsyncDisposableStack()
  const parts = [...Map.groupBy(attempts, ({ of }) => of)].flatMap(([of, own]) =>
    Array.from({ length: Math.ceil(own.length / perFolder) }, (_, index) => ({
      of,
      attempts: own.slice(index * perFolder, (index + 1) * perFolder),
    })),
  )
  const started = await Promise.all(
    parts.map(async (part) => ({ ...part, context: folders.use(await openContext(part.of)) })),
  )
  await buildAll(started.map(({ of, context }) => ({ ...of, ...context })))

  const held = new Map<Attempt, Held[]>()
  for (let round = 0; round < perFolder; round++) {
    const changed = await Promise.all(
      started.flatMap(({ of, context, attempts }) =>
        attempts.slice(round, round + 1).map(async (attempt) => {
          const change = renew(attempt.change)
          await context.reset()
          const build: Build = { ...of, ...context, ...(await apply(change, of, context)) }
          return { attempt, build, prediction: analyze(of.dockerfile, questionOf(of, change)) }
        }),
      ),
    )
    if (changed.length === 0) break
    const runs = await buildAll(changed.map(({ build }) => build))
    for (const [index, { attempt, prediction }] of changed.entries())
      held.set(attempt, hold(prediction, runs, nameOf(index)))
  }
  return held
}

/**
 * As {@link tryAll}; what comes out otherwise than predicted is tried once more, all anew. BuildKit keeps its cache within
 * bounds, and may let go of a result while others are built: a wrong prediction is wrong the second time too.
 */
export async function tryTwice(attempts: readonly Attempt[]): Promise<Map<Attempt, Held[]>> {
  const held = await tryAll(attempts)
  const doubtful = attempts.filter((each) => {
    const steps = held.get(each) ?? []
    return wrong(steps).length > 0 || unseen(steps.filter(({ outcome }) => outcome === 'reruns')).length > 0
  })
  return doubtful.length > 0 ? new Map([...held, ...(await tryAll(doubtful))]) : held
}

/** What stands for something new in a case is new. */
const renew = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('NEW', `new-${randomUUID()}`))
