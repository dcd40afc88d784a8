import { randomUUID } from 'node:crypto'
import { appendFile, chmod, cp, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { analyze, type Change } from '@stagecraft/dockerfile'
import { execa } from 'execa'
import { beforeAll, describe, expect, it } from 'vitest'
import { build, hold, hollow, withInstruction, wrong } from '../test/prediction-build.ts'

/**
 * Predictions for the Dockerfiles outside of apps/: those of stand-in bases, and of images that tests use. Their commands
 * are hollow, and what they are built on is the base that is always there.
 */

const root = join(import.meta.dirname, '../../..')
const { stdout } = await execa('git', ['ls-files', '-co', '--exclude-standard', '*Dockerfile*'], {
  cwd: root,
})
const files = stdout.split('\n').filter((path) => !path.startsWith('apps/') && /Dockerfile$/.test(path))

const base = 'node:24-trixie-slim'

/** Of an origin, whether it is a build context that the caller names. */
const isNamed = (image: string): boolean => /^[a-z]+$/.test(image)

describe.each(files)('after a change, BuildKit does what was predicted for %s', (path) => {
  const nonce = randomUUID()
  let folder: string
  let dockerfile: string
  let args: string[]
  let given: Record<string, string>

  const file = (name: string) => join(folder, 'context', name)
  const run = (text: string, more: readonly string[] = []) =>
    build(
      { folder: join(folder, 'context'), file: join(folder, 'Dockerfile') },
      { dockerfile: text, args: [...args, ...more] },
    )

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stagecraft-predict-'))
    await cp(join(root, dirname(path)), join(folder, 'context'), { recursive: true })
    await mkdir(join(folder, 'named'))
    await writeFile(join(folder, 'named/ca.crt'), nonce)
    dockerfile = hollow(await readFile(join(root, path), 'utf8'))
    given = dockerfile.includes('ARG DEBIAN') ? { DEBIAN: base } : {}
    const { edges } = analyze(dockerfile, { args: given })
    const named = edges.flatMap(({ from }) => ('image' in from && isNamed(from.image) ? [from.image] : []))
    args = [
      ...Object.entries(given).map(([name, value]) => `--build-arg=${name}=${value}`),
      ...[...new Set(named)].map((name) => `--build-context=${name}=${join(folder, 'named')}`),
    ]
    for (const name of copied()) await appendFile(file(name), `\n# ${nonce}\n`)
    await run(dockerfile)
    return () => rm(folder, { recursive: true, force: true })
  })

  /** Files of the context that the Dockerfile names. */
  const copied = (): string[] =>
    analyze(dockerfile, { args: given }).instructions.flatMap(({ keyword, text }) =>
      keyword === 'COPY' && !text.includes('--from') ? [text.split(' ').at(-2) as string] : [],
    )

  const expectPrediction = async (change: Change, text = dockerfile, more: readonly string[] = []) => {
    const runs = await run(text, more)
    const held = hold(analyze(dockerfile, { args: given, changed: [change] }), runs)
    expect(wrong(held), JSON.stringify({ change, runs }, null, 1)).toEqual([])
  }

  it('of times, modes and contents', async () => {
    const [first, ...rest] = copied()
    if (first) {
      await utimes(file(first), 1, 1)
      await expectPrediction({ path: first, what: 'time' })
      await chmod(file(first), 0o751)
      await expectPrediction({ path: first, what: 'mode' })
    }
    for (const name of [...rest, basename(path)]) {
      await appendFile(file(name), `\n# ${nonce} again\n`)
      await expectPrediction({ path: name })
    }
  })

  it('of the text of each command', async () => {
    for (const { line, keyword, text } of analyze(dockerfile, { args: given }).instructions) {
      if (keyword !== 'RUN') continue
      const change = { instruction: line, text: `${text} # ${nonce}` }
      await expectPrediction(change, withInstruction(dockerfile, change))
    }
  })

  it('of each build argument', async () => {
    for (const { keyword, text } of analyze(dockerfile, { args: given }).instructions) {
      const [, arg = ''] = /^ARG (\w+)/.exec(text) ?? []
      if (keyword !== 'ARG' || arg in given) continue
      await expectPrediction({ arg, value: nonce }, dockerfile, [`--build-arg=${arg}=${nonce}`])
    }
  })
})
