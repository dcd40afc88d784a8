import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { analyze } from '@stagecraft/dockerfile'
import { type BakeImage, bakeImages } from '@stagecraft/engine'
import { type Held, unseen, wrong } from '@stagecraft/engine/held'
import { type Attempt, attemptsOf, tryTwice } from '@stagecraft/test-predictions/build'
import type { Case, Try } from '@stagecraft/test-predictions/cases'
import { changedCommand, hollow, pathsOf } from '@stagecraft/test-predictions/context'
import { execa } from 'execa'
import { beforeAll, describe, expect, it } from 'vitest'

/**
 * Predictions for the Dockerfiles that are not built from the whole repository: those of apps that are their own build
 * context, of stand-in bases, and of images that tests use. Their commands are hollow; the last two are built on the base
 * that is always there.
 */

const root = join(import.meta.dirname, '../..')
const base = 'node:26-trixie-slim'

/** Paths in the repository. */
async function otherDockerfiles(): Promise<string[]> {
  const listed = await execa('git', ['ls-files', '-co', '--exclude-standard', '*Dockerfile*'], { cwd: root })
  const ofImages = (await bakeImages(root)).map(({ dockerfile }) => dockerfile)
  return (
    listed.stdout
      .split('\n')
      .filter((path) => /^Dockerfile|Dockerfile$/.test(basename(path)) && existsSync(join(root, path)))
      .filter((path) => !ofImages.includes(path))
      // Those of exercises, and the shapes of others, are tried by tests of their own.
      .filter((path) => !/^((packages\/)?workshop|tests\/shapes)\//.test(path))
  )
}

/** Of an origin, whether it is a build context that the caller names. */
const isNamed = (image: string): boolean => /^[a-z]+$/.test(image)

async function caseOf(path: string): Promise<Case> {
  const nonce = randomUUID()
  const dockerfile = hollow(await readFile(join(root, path), 'utf8'), nonce)
  const imageArgs = [...dockerfile.matchAll(/^FROM \$\{(\w+)\}/gm)].map(([, arg = '']) => arg)
  const args = Object.fromEntries(imageArgs.map((arg) => [arg, base]))
  const { edges, instructions } = analyze(dockerfile, { args })
  const named = edges.flatMap(({ from }) => ('image' in from && isNamed(from.image) ? [from.image] : []))
  const copied = instructions.flatMap(({ keyword, text }) =>
    keyword === 'COPY' && !text.includes('--from') ? pathsOf(text) : [],
  )
  const files = [...copied, basename(path)]
  const times = copied.slice(0, 1).flatMap((path): Try[] => [
    { name: `the time of ${path}`, change: { path, what: 'time' } },
    { name: `the mode of ${path}`, change: { path, what: 'mode' } },
  ])
  const contents = files.map((path): Try => ({ name: path, change: { path } }))
  const texts = instructions.flatMap(({ keyword, line, text }): Try[] =>
    keyword === 'RUN'
      ? [{ name: `the text of line ${line}`, change: { instruction: line, text: changedCommand(text) } }]
      : [],
  )
  const values = instructions.flatMap(({ text }): Try[] => {
    const [, arg] = /^ARG (\w+)/.exec(text) ?? []
    if (!arg || imageArgs.includes(arg)) return []
    return [{ name: `the argument ${arg}`, change: { arg, value: 'NEW' } }]
  })
  return {
    name: path,
    dockerfile,
    files: Object.fromEntries(files.map((file) => [file, ''])),
    named: Object.fromEntries(named.map((name) => [name, 'ca.crt'])),
    args,
    changes: [...times, ...contents, ...texts, ...values],
  }
}

/** Of an image that is built in its app's own folder. */
async function caseOfApp({ context, dockerfile: path, stage, target: name }: BakeImage): Promise<Case> {
  const folder = join(root, context)
  const listed = await execa('git', ['ls-files', '-co', '--exclude-standard'], { cwd: folder })
  const files = listed.stdout.split('\n').filter((file) => !/Dockerfile|^\.dockerignore$/.test(file))
  const find = (shape: RegExp) => files.find((file) => shape.test(file)) ?? ''
  const source = find(/(^|\/)((app|main)\.py|main\.(go|rs|ts))$/)
  const dockerfile = hollow(await readFile(join(root, path), 'utf8'), randomUUID())
  const { line = 0, text = '' } =
    analyze(dockerfile).instructions.findLast(({ keyword }) => keyword === 'RUN') ?? {}
  return {
    name,
    dockerfile,
    files: Object.fromEntries(files.map((file) => [file, ''])),
    dockerignore: await readFile(join(folder, '.dockerignore'), 'utf8'),
    ...(stage && { target: stage }),
    changes: [
      { name: 'a source line', change: { path: source } },
      { name: 'the mode of a source file', change: { path: source, what: 'mode' } },
      { name: 'the time of a source file', change: { path: source, what: 'time' } },
      {
        name: 'a dependency',
        change: { path: find(/^(go\.mod|Cargo\.lock|requirements\.txt|package-lock\.json)$/) },
      },
      { name: 'what .dockerignore leaves out', change: { path: 'image.config.ts' } },
      { name: `the text of line ${line}`, change: { instruction: line, text: changedCommand(text) } },
    ],
  }
}

const ofApps = (await bakeImages(root)).filter(({ context }) => context !== '.')
const cases = await Promise.all([...(await otherDockerfiles()).map(caseOf), ...ofApps.map(caseOfApp)])
const tried = cases.map((each) => ({ name: each.name, attempts: attemptsOf(each) }))
let held: Map<Attempt, Held[]>

beforeAll(async () => {
  held = await tryTwice(tried.flatMap(({ attempts }) => attempts))
})

describe.each(tried)('BuildKit does what was predicted for $name after a change of', ({ attempts }) => {
  it.each(attempts)('$change.name', (attempt) => {
    const steps = held.get(attempt) as Held[]
    // Where what comes last is there already, BuildKit has no need to look at what may rerun before it; and what is cached
    // may be another build's too, and go by the name that it has there.
    const sure = steps.filter(({ outcome }) => outcome === 'reruns')
    expect({ wrong: wrong(steps), unseen: unseen(sure) }).toEqual({ wrong: [], unseen: [] })
  })
})
