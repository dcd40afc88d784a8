import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { appendFile, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { analyze } from '@stagecraft/dockerfile'
import {
  bakeImages,
  copyTree,
  products,
  readLocalImage,
  readProgress,
  type StepRun,
} from '@stagecraft/engine'
import { hold, wrong } from '@stagecraft/engine/held'
import type { Layer } from '@stagecraft/image'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** Apps that are their own build context: what a changed source line costs, with every command as it is. */

const root = join(import.meta.dirname, '../..')
const images = (await bakeImages(root)).filter(
  ({ context, variant }) => context !== '.' && products.includes(variant),
)

interface Language {
  /** Where a line that was never there before ends up in the program. */
  source: string
  line: (text: string) => string
  /** Bytes that a push transfers after that, at most; not promised where the program is one file. */
  pushed?: number
}

const languages: readonly Language[] = [
  { source: 'app.py', line: (text) => `CHANGED = "${text}"`, pushed: 4000 },
  { source: 'main.py', line: (text) => `CHANGED = "${text}"`, pushed: 4000 },
  { source: 'main.go', line: (text) => `func init() { println("${text}") }` },
  { source: 'src/main.ts', line: (text) => `console.log('${text}')`, pushed: 4000 },
  { source: 'src/main.rs', line: (text) => `#[used] static CHANGED_${text}: u8 = 1;` },
]
const contexts = [...new Set(images.map(({ context }) => context))]
const languageOf = (context: string) =>
  languages.find(({ source }) => existsSync(join(root, context, source)))

const pushing = images.filter(({ context }) => languageOf(context)?.pushed !== undefined)
const tag = (target: string): string => `stagecraft-test/rebuild:${target}`

let copy: string
const layers = { before: new Map<string, Layer[]>(), after: new Map<string, Layer[]>() }
let runs: StepRun[]
let log: string

async function build(): Promise<string> {
  const flags = ['--progress=rawjson', '--provenance=false', '--set=*.output=type=cacheonly']
  for (const { target } of pushing)
    flags.push(`--set=${target}.output=type=image,compression=zstd`, `--set=${target}.tags=${tag(target)}`)
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

async function readLayers(into: Map<string, Layer[]>): Promise<void> {
  for (const { target } of pushing) into.set(target, (await readLocalImage(tag(target))).layers)
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
  await readLayers(layers.before)
  await change()
  const progress = await build()
  await readLayers(layers.after)
  runs = readProgress(progress)
  log = printed(progress)
})

afterAll(async () => {
  await execa('docker', ['image', 'rm', '--force', ...pushing.map(({ target }) => tag(target))])
  if (copy) await rm(copy, { recursive: true, force: true })
})

it.each(contexts)('there is a line to change in %s', (context) => {
  expect(languageOf(context)).toBeDefined()
})

describe('after one changed line', () => {
  it.each(images)('$target downloads and installs nothing', ({ target }) => {
    const steps = runs.filter(({ of, ran }) => of[0] === target && ran).map(({ name }) => name)
    expect(steps.length).toBeGreaterThan(0)
    expect(steps.filter((name) => /\bpip\b|mod download|npm ci/.test(name))).toEqual([])
  })

  it.each(pushing)('a push of $target transfers one layer, of a few kB', ({ target, context }) => {
    const known = layers.before.get(target)?.map(({ digest }) => digest)
    const pushed = layers.after.get(target)?.filter(({ digest }) => !known?.includes(digest)) ?? []
    expect(pushed).toHaveLength(1)
    expect(pushed[0]?.compressedBytes).toBeLessThan(languageOf(context)?.pushed ?? 0)
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
