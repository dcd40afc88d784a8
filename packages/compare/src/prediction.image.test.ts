import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { analyze } from '@stagecraft/dockerfile'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  alone,
  apply,
  beside,
  build,
  type Context,
  type Held,
  hold,
  openContext,
  wrong,
} from '../test/prediction-build.ts'
import { type Case, cases, movingImage, questionOf, type Try } from '../test/prediction-cases.ts'
import type { StepRun } from './progress.ts'

/** What stands for something new in a case is new. */
const renew = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll('NEW', `new-${randomUUID()}`))

const argsOf = ({ args = {} }: Case): string[] =>
  Object.entries(args).map(([name, value]) => `--build-arg=${name}=${value}`)

/** Another digest under the same name: one file is the same, one is not. */
async function moveImage(): Promise<void> {
  await using context = await openContext({ files: { moved: randomUUID() } })
  await context.reset()
  await writeFile(context.file, 'FROM scratch\nCOPY moved /moved\nCOPY <<EOF /same\nsame\nEOF\n')
  const flags = ['--builder=default', '--quiet', `--tag=${movingImage}`, `--file=${context.file}`]
  await execa('docker', ['buildx', 'build', '--load', ...flags, context.folder])
}

beforeAll(moveImage)
afterAll(() => execa('docker', ['image', 'rm', '--force', movingImage]))

/** A case, built. */
async function openCase(each: Case): Promise<Context> {
  const context = await openContext(each)
  await context.reset()
  await build(context, { dockerfile: each.dockerfile, target: each.target, args: argsOf(each) })
  return context
}

/** Changes what was built, builds again, and holds what was predicted against what ran. */
async function tryChange(
  context: Context,
  each: Case,
  attempt: Try,
): Promise<{ held: Held[]; runs: StepRun[] }> {
  const real = renew(attempt)
  await context.reset()
  const { dockerfile, args, env } = await apply(real, { dockerfile: each.dockerfile, context })
  if ('base' in attempt.change) await moveImage()
  const runs = await build(context, {
    dockerfile,
    target: each.target,
    args: [...argsOf(each), ...args],
    env,
  })
  return { held: hold(analyze(each.dockerfile, questionOf(each, real)), runs), runs }
}

describe.concurrent.each(cases)('$name', (each) => {
  let context: Context

  beforeAll(async () => {
    context = await beside(() => openCase(each))
    return () => context[Symbol.asyncDispose]()
  })

  it.each(each.changes)('$name', { concurrent: false }, async (attempt) => {
    let { held, runs } = await beside(() => tryChange(context, each, attempt))
    // While other builds begin, BuildKit now and then misses what is in its cache.
    if (!isDeepStrictEqual(differences(held, attempt), none)) {
      ;({ held, runs } = await alone(async () => {
        await using again = await openCase(each)
        return tryChange(again, each, attempt)
      }))
    }
    expect(differences(held, attempt), JSON.stringify({ held, runs }, null, 1)).toEqual(none)
  })
})

const none = { wrong: [], unseen: [], did: 'as expected' }

/** What is not as it was predicted, and of what could not be, not as the case says that it is. */
function differences(held: readonly Held[], { did = [] }: Try): Record<keyof typeof none, unknown> {
  const ran = held.filter(({ outcome, ran }) => outcome === 'may rerun' && ran).map(({ line }) => line)
  return {
    wrong: wrong(held),
    unseen: held.filter(({ keyword, ran }) => keyword !== 'FROM' && ran === undefined),
    did: isDeepStrictEqual(ran, did) ? 'as expected' : ran,
  }
}
