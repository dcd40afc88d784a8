import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { analyze } from '@stagecraft/dockerfile'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  apply,
  build,
  type Context,
  type Held,
  hold,
  openContext,
  unseen,
  wrong,
} from '../test/prediction-build.ts'
import { type Case, cases, movingImage, questionOf, type Try } from '../test/prediction-cases.ts'

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

/** A case, built, with content that was never there before. */
async function openCase(each: Case): Promise<Context> {
  const context = await openContext(each)
  await context.reset()
  await build(context, { dockerfile: each.dockerfile, target: each.target, args: argsOf(each) })
  return context
}

/** Changes what was built, builds again, and holds what was predicted against what ran. */
async function tryChange(context: Context, each: Case, attempt: Try): Promise<Held[]> {
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
  return hold(analyze(each.dockerfile, questionOf(each, real)), runs)
}

describe.concurrent('BuildKit does what was predicted after each change:', () => {
  it.each(cases)('$name', async (each) => {
    await using context = await openCase(each)
    const found: [change: string, differences: object][] = []
    for (const attempt of each.changes) {
      let different = differences(await tryChange(context, each, attempt), attempt)
      // While other builds go on, BuildKit now and then misses what is in its cache: not twice over.
      for (let again = 0; again < 2 && !isDeepStrictEqual(different, {}); again++) {
        await using afresh = await openCase(each)
        different = differences(await tryChange(afresh, each, attempt), attempt)
      }
      found.push([attempt.name, different])
    }
    expect(found).toEqual(each.changes.map(({ name }) => [name, {}]))
  })
})

/** Steps that did what was not predicted, that the build has not seen, or of which the case says otherwise. */
function differences(held: readonly Held[], { did = [] }: Try): object {
  // An image that FROM names is never one of these.
  const may = held.filter(({ outcome }) => outcome === 'may rerun')
  const different = {
    wrong: wrong(held),
    unseen: unseen(held),
    did: may.filter(({ line, ran }) => ran !== did.includes(line)),
  }
  return Object.fromEntries(Object.entries(different).filter(([, found]) => found.length > 0))
}
