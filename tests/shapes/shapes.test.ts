import { randomUUID } from 'node:crypto'
import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { examine } from '@stagecraft/compare/others'
import { bakeImages, removedWithThisProcess } from '@stagecraft/engine'
import type { Other } from '@stagecraft/report'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const folder = join(import.meta.dirname, 'dockerfiles')

/**
 * Of each shape: the promises that it breaks, or why it cannot be asked for them; the reference that it is most like, and
 * where it holds more than that.
 */
interface Expected {
  broken?: string[]
  notRun?: RegExp
  like?: string
  more?: RegExp
  /** An app's folder. */
  context?: string
}
const expected: Record<string, Expected> = {
  // It has no health check, Kubernetes cannot tell whether `node` is root, and npm leaves its compile cache in /tmp.
  best: { broken: ['non-root', 'health', 'reproducible'], like: 'node-hello:prod' },
  'whole-folder': { broken: ['health'], like: 'node-hello:prod', more: /typescript/ },
  'pruned-later': { broken: ['no-waste', 'reproducible'], like: 'node-hello:prod' },
  'npm-start': { broken: ['stops', 'reproducible'], like: 'node-hello:prod' },
  'shell-form': { broken: ['stops', 'reproducible'], like: 'node-hello:prod' },
  'curl-elsewhere': { broken: ['health', 'reproducible'], like: 'node-hello:prod' },
  'no-user': { broken: ['non-root', 'reproducible'], like: 'node-hello:prod', more: /typescript/ },
  'files-at-start': {
    broken: ['any-user', 'read-only', 'write-access', 'reproducible'],
    like: 'node-hello:prod',
  },
  'owner-changed-later': { broken: ['write-access', 'no-waste'], like: 'node-hello:prod' },
  'other-port': { broken: ['ports', 'reproducible'], like: 'node-hello:prod' },
  'full-base': { broken: ['no-tools', 'reproducible'], like: 'node-hello:prod', more: /gcc/ },
  'health-by-shell': { broken: ['health', 'reproducible'], like: 'node-hello:prod' },
  'needs-a-variable': {
    notRun: /exited with code 2[\s\S]*DATABASE_URL: is not set/,
    like: 'node-hello:prod',
  },
  // Without libraries, it is like any of Node.
  'never-listens': { notRun: /did not answer 200 within 30 s[\s\S]*--port/ },
  'packages-of-root': {
    notRun: /exited with code 2[\s\S]*Permission denied/,
    like: 'flask-hello:prod',
    context: 'flask-hello',
  },
  'development-server': {
    broken: ['non-root', 'health', 'stops'],
    like: 'flask-hello:prod',
    context: 'flask-hello',
  },
  'compiler-left': {
    broken: ['no-tools', 'reproducible'],
    like: 'flask-hello:prod',
    more: /gcc/,
    context: 'flask-hello',
  },
  'nginx-conf-replaced': { broken: ['non-root', 'any-user', 'read-only', 'health'], like: 'react-spa:prod' },
}
const shapes = Object.keys(expected)
const run = randomUUID().slice(0, 8)
const tag = (shape: string) => `stagecraft-shape-${run}:${shape}`
const examined = new Map<string, Other>()

beforeAll(async () => {
  const labels = Object.entries(removedWithThisProcess()).map((label) => `--label=${label.join('=')}`)
  for (const shape of shapes) {
    const context = join(root, 'apps', expected[shape]?.context ?? 'node-hello')
    const flags = ['--builder=default', '--quiet', `--file=${join(folder, `${shape}.Dockerfile`)}`, ...labels]
    await execa('docker', ['build', ...flags, `--tag=${tag(shape)}`, context])
  }
  const references = await bakeImages(root)
  const signal = new AbortController().signal
  // Checks wait more than they work.
  const waiting = [...shapes]
  const examineNext = async () => {
    for (let shape = waiting.shift(); shape; shape = waiting.shift())
      examined.set(shape, await examine(tag(shape), { references, runs: 1, signal, doing: () => {} }))
  }
  await Promise.all(Array.from({ length: 3 }, examineNext))
}, 900_000)
afterAll(() => execa('docker', ['image', 'rm', '--force', ...shapes.map(tag)]))

it('every shape has its expectation', () => {
  const files = globSync('*.Dockerfile', { cwd: folder }).map((path) => basename(path, '.Dockerfile'))
  expect(files.sort()).toEqual(shapes.toSorted())
})

describe.each(shapes)('%s', (shape) => {
  const { broken, notRun, like, more } = expected[shape] as Expected
  const other = () => examined.get(shape) as Other

  it.runIf(notRun)('says why it does not run, and has no promise asked of it', () => {
    expect(other().notRun).toMatch(notRun as RegExp)
    expect(other().contract).toBeUndefined()
  })

  it.runIf(broken)(`breaks ${broken?.join(', ')}, and no other`, () => {
    const found = other().contract?.filter(({ verdict }) => verdict === 'fail') ?? []
    expect(
      found.map(({ id }) => id),
      `${other().notRun}\n${found.map(({ detail }) => detail).join('\n')}`,
    ).toEqual(broken)
  })

  it.runIf(like)(`is most like ${like}`, () => {
    expect(other().like?.from).toBe(like)
    const larger = other().like?.changes.filter(({ what, bytes = 0 }) => what === 'folder' && bytes > 0) ?? []
    if (more) expect(larger.map(({ name }) => name).join('\n')).toMatch(more)
  })
})
