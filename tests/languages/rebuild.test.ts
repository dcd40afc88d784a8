import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { appendFile, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { analyze } from '@stagecraft/dockerfile'
import { bakeImages, copyTree, products, readProgress, type StepRun } from '@stagecraft/engine'
import { hold, wrong } from '@stagecraft/test-predictions/hold'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** Apps that are their own build context: what a changed source line costs, with every command as it is. */

const root = join(import.meta.dirname, '../..')
const images = (await bakeImages(root)).filter(
  ({ context, variant }) => context !== '.' && products.includes(variant),
)

/** Where a line that was never there before ends up in the program, by language. */
const languages: readonly { source: string; line: (text: string) => string }[] = [
  { source: 'hello/config.py', line: (text) => `CHANGED = "${text}"` },
  { source: 'main.go', line: (text) => `func init() { println("${text}") }` },
  { source: 'src/main.rs', line: (text) => `#[used] static CHANGED_${text}: u8 = 1;` },
]
const contexts = [...new Set(images.map(({ context }) => context))]
const languageOf = (context: string) =>
  languages.find(({ source }) => existsSync(join(root, context, source)))

let copy: string
let runs: StepRun[]
let log: string

async function build(): Promise<string> {
  const flags = ['--progress=rawjson', '--provenance=false', '--set=*.output=type=cacheonly']
  const { stderr } = await execa(
    'docker',
    ['buildx', 'bake', ...flags, ...images.map(({ target }) => target)],
    {
      cwd: copy,
      env: { BUILDX_BUILDER: 'default' },
    },
  )
  return stderr
}

async function change(): Promise<void> {
  for (const context of contexts) {
    const { source = '', line } = languageOf(context) ?? {}
    await appendFile(join(copy, context, source), `\n${line?.(randomUUID().replaceAll('-', '_'))}\n`)
  }
}

/** What the commands of a build printed. */
function printed(progress: string): string {
  return progress
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .flatMap((line) => (JSON.parse(line) as { logs?: { data: string }[] }).logs ?? [])
    .map(({ data }) => Buffer.from(data, 'base64').toString())
    .join('')
}

beforeAll(async () => {
  copy = await copyTree(root)
  // What is in the cache may lack results that only a changed line asks for: the first one brings them.
  await change()
  await build()
  await change()
  const progress = await build()
  runs = readProgress(progress)
  log = printed(progress)
})

afterAll(async () => {
  if (copy) await rm(copy, { recursive: true, force: true })
})

it.each(contexts)('there is a line to change in %s', (context) => {
  expect(languageOf(context)).toBeDefined()
})

describe('after one changed line', () => {
  it.each(images)('$target downloads and installs nothing', ({ target }) => {
    const steps = runs.filter(({ of, ran }) => of[0] === target && ran).map(({ name }) => name)
    expect(steps.length).toBeGreaterThan(0)
    expect(steps.filter((name) => /\bpip\b|mod download/.test(name))).toEqual([])
  })

  it('no command says that it downloads, and only the program itself is compiled', () => {
    expect(log).not.toMatch(/download|collecting/i)
    const compiled = [...log.matchAll(/Compiling (\S+)/g)].map(([, crate]) => crate)
    expect(new Set(compiled)).toEqual(new Set(['rust-hello']))
  })

  it.each(images)('$target does what was predicted', async ({ target, context, dockerfile, stage }) => {
    const prediction = analyze(await readFile(join(copy, dockerfile), 'utf8'), {
      ...(stage && { target: stage }),
      dockerignore: await readFile(join(copy, context, '.dockerignore'), 'utf8'),
      changed: [{ path: languageOf(context)?.source ?? '' }],
    })
    expect(wrong(hold(prediction, runs, target)), JSON.stringify(runs, null, 1)).toEqual([])
  })
})
