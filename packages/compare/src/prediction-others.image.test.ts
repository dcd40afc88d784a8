import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { bakeImages } from '@stagecraft/contract'
import { analyze } from '@stagecraft/dockerfile'
import { execa } from 'execa'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Attempt, attemptsOf, tryAll } from '../test/prediction-build.ts'
import type { Case, Try } from '../test/prediction-cases.ts'
import { hollow, pathsOf } from '../test/prediction-context.ts'
import { type Held, unseen, wrong } from '../test/prediction-hold.ts'

/**
 * Predictions for the Dockerfiles that no image of the bake file is built from: those of stand-in bases, and of images
 * that tests use. Their commands are hollow, and what they are built on is the base that is always there.
 */

const root = join(import.meta.dirname, '../../..')
const base = 'node:24-trixie-slim'

/** Paths in the repository. */
async function otherDockerfiles(): Promise<string[]> {
  const listed = await execa('git', ['ls-files', '-co', '--exclude-standard', '*Dockerfile*'], { cwd: root })
  const ofImages = (await bakeImages(root)).map(({ dockerfile }) => dockerfile)
  return listed.stdout
    .split('\n')
    .filter((path) => /^Dockerfile|Dockerfile$/.test(basename(path)) && existsSync(join(root, path)))
    .filter((path) => !ofImages.includes(path))
}

/** Of an origin, whether it is a build context that the caller names. */
const isNamed = (image: string): boolean => /^[a-z]+$/.test(image)

async function caseOf(path: string): Promise<Case> {
  const nonce = randomUUID()
  const dockerfile = hollow(await readFile(join(root, path), 'utf8'), nonce)
  const args = dockerfile.includes('ARG DEBIAN=') ? { DEBIAN: base } : undefined
  const { edges, instructions } = analyze(dockerfile, args && { args })
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
      ? [{ name: `the text of line ${line}`, change: { instruction: line, text: `${text} # NEW` } }]
      : [],
  )
  const values = instructions.flatMap(({ text }): Try[] => {
    const [, arg = 'DEBIAN'] = /^ARG (\w+)/.exec(text) ?? []
    return arg === 'DEBIAN' ? [] : [{ name: `the argument ${arg}`, change: { arg, value: 'NEW' } }]
  })
  return {
    name: path,
    dockerfile,
    files: Object.fromEntries(files.map((file) => [file, ''])),
    named: Object.fromEntries(named.map((name) => [name, 'ca.crt'])),
    ...(args && { args }),
    changes: [...times, ...contents, ...texts, ...values],
  }
}

const cases = await Promise.all((await otherDockerfiles()).map(caseOf))
const tried = cases.map((each) => ({ name: each.name, attempts: attemptsOf(each) }))
let held: Map<Attempt, Held[]>

beforeAll(async () => {
  held = await tryAll(tried.flatMap(({ attempts }) => attempts))
})

describe.each(tried)('BuildKit does what was predicted for $name after a change of', ({ attempts }) => {
  it.each(attempts)('$change.name', (attempt) => {
    const steps = held.get(attempt) as Held[]
    // Where what comes last is there already, BuildKit has no need to look at what may rerun before it.
    const sure = steps.filter(({ outcome }) => outcome !== 'may rerun')
    expect({ wrong: wrong(steps), unseen: unseen(sure) }).toEqual({ wrong: [], unseen: [] })
  })
})
