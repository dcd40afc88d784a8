import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { analyze } from '@stagecraft/dockerfile'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apply, build, type Context, type Held, hold, openContext, wrong } from '../test/prediction-build.ts'
import { base, type Case, cases, movingImage, questionOf, type Try } from '../test/prediction-cases.ts'

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

/**
 * What the cases are built on at the same time: of builds that share a base, BuildKit now and then finds that one has
 * not what another has put in the cache.
 */
const lanes = ['stagecraft-test/base-1', 'stagecraft-test/base-2', 'stagecraft-test/base-3']
const free = [...lanes]
const waiting: ((lane: string) => void)[] = []

async function inLane(use: (lane: string) => Promise<void>): Promise<void> {
  const lane = free.pop() ?? (await new Promise<string>((resolve) => waiting.push(resolve)))
  try {
    await use(lane)
  } finally {
    const next = waiting.shift()
    if (next) next(lane)
    else free.push(lane)
  }
}

beforeAll(async () => {
  await moveImage()
  await using context = await openContext({})
  await context.reset()
  for (const lane of lanes) {
    await writeFile(context.file, `FROM ${base}\nLABEL lane=${lane}\n`)
    const flags = ['--builder=default', '--quiet', `--tag=${lane}`, `--file=${context.file}`]
    await execa('docker', ['buildx', 'build', '--load', ...flags, context.folder])
  }
})
afterAll(() => execa('docker', ['image', 'rm', '--force', movingImage, ...lanes]))

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
  it.each(cases)('$name', (given) =>
    inLane(async (lane) => {
      const each = { ...given, dockerfile: given.dockerfile.replaceAll(base, lane) }
      await using context = await openContext(each)
      await context.reset()
      await build(context, { dockerfile: each.dockerfile, target: each.target, args: argsOf(each) })
      const found: [change: string, differences: object][] = []
      for (const attempt of each.changes)
        found.push([attempt.name, differences(await tryChange(context, each, attempt), attempt)])
      expect(found).toEqual(each.changes.map(({ name }) => [name, {}]))
    }),
  )
})

/** Steps that did what was not predicted, that the build has not seen, or of which the case says otherwise. */
function differences(held: readonly Held[], { did = [] }: Try): object {
  const steps = held.filter(({ keyword }) => keyword !== 'FROM')
  const may = steps.filter(({ outcome }) => outcome === 'may rerun')
  const different = {
    wrong: wrong(steps),
    unseen: steps.filter(({ ran }) => ran === undefined),
    did: may.filter(({ line, ran }) => ran !== did.includes(line)),
  }
  return Object.fromEntries(Object.entries(different).filter(([, found]) => found.length > 0))
}
