import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measureScenarios } from '@stagecraft/compare/scenarios'
import { bakeImages, removedWithThisProcess } from '@stagecraft/engine'
import type { Rebuild, Scenario } from '@stagecraft/report'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'

/** An app of its own, small enough to be built in a second; its package manager is `cat`. */
const app = `fixture-${randomUUID().slice(0, 8)}`
const files: Record<string, string> = {
  '.dockerignore': 'Dockerfile*\n',
  'package.json': JSON.stringify({ name: app, scripts: {}, dependencies: {} }, undefined, 2),
  'package-lock.json': JSON.stringify({
    packages: { '': { dependencies: {} }, 'node_modules/ms': { version: '2.1.3' } },
  }),
  'src/main.js': 'console.log(1)\n',
  Dockerfile: `FROM node:26-trixie-slim AS build
COPY package.json package-lock.json ./
RUN cat package*.json >/installed
COPY . .
RUN cp src/main.js /out.js

FROM node:26-trixie-slim AS prod
COPY --from=build /installed /
COPY --from=build /out.js /
RUN ! grep -q stop /installed
`,
}

let root: string
/** Where copies are made: other tests make theirs beside. */
let temporary: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'scenarios-'))
  temporary = await mkdtemp(join(tmpdir(), 'copies-'))
  vi.stubEnv('TMPDIR', temporary)
  const context = `apps/${app}`
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, context, path, '..'), { recursive: true })
    await writeFile(join(root, context, path), text)
  }
  const target = { prod: { context, target: 'prod', tags: [`stagecraft/${app}:prod`] } }
  await writeFile(
    join(root, 'docker-bake.json'),
    JSON.stringify({ group: { all: { targets: ['prod'] } }, target }),
  )
  await execa('git', ['init', '--quiet'], { cwd: root })
})
afterAll(async () => {
  vi.unstubAllEnvs()
  for (const folder of [root, temporary]) await rm(folder, { recursive: true })
})

async function measured(wanted: readonly Scenario[], signal = new AbortController().signal) {
  const found = new Map<Scenario, Rebuild>()
  const failures: string[] = []
  await measureScenarios(await bakeImages(root), wanted, {
    root,
    runs: 2,
    signal,
    doing: () => {},
    onRebuild: (_image, rebuild) => found.set(rebuild.scenario, rebuild),
    onFailure: (_image, scenario, message) => failures.push(`${scenario}: ${message}`),
  })
  return { found, failures }
}

/** What carries this process's label: images, and containers with what they run. */
const left = async () => {
  const [label] = Object.entries(removedWithThisProcess())
  const filter = `--filter=label=${label?.join('=')}`
  const images = await execa('docker', ['images', '--quiet', filter])
  const containers = await execa('docker', ['ps', '--all', '--quiet', filter])
  return images.stdout + containers.stdout
}
const copies = () => readdir(temporary)

it('tells of each change which steps ran, how long that took and what would be pushed', async () => {
  const { found, failures } = await measured(['from-nothing', 'unchanged', 'line', 'scripts', 'dependency'])
  expect(failures).toEqual([])
  const lines = Object.fromEntries([...found].map(([name, { ran }]) => [name, ran.map(({ line }) => line)]))
  expect(lines).toEqual({
    'from-nothing': [2, 3, 4, 5, 8, 9, 10],
    unchanged: [],
    line: [4, 5, 9, 10],
    scripts: [2, 3, 4, 5, 8, 9, 10],
    dependency: [2, 3, 4, 5, 8, 9, 10],
  })
  expect([...found.values()].map(({ tookMs }) => tookMs.runs)).toEqual([1, 2, 2, 2, 2])
  const line = found.get('line')
  expect(line?.cached).toBe(3)
  expect(line?.ran[0]).toMatchObject({
    instruction: 'COPY . .',
    predicted: 'reruns',
    why: expect.stringContaining('src/main.js'),
  })
  // A layer with a file of two lines, compressed.
  expect(line?.pushedBytes).toBeGreaterThan(100)
  expect(line?.pushedBytes).toBeLessThan(1000)
  expect([...found.values()].filter(({ pushedBytes }) => pushedBytes !== undefined)).toEqual([line])

  for (const [path, text] of Object.entries(files))
    expect(await readFile(join(root, 'apps', app, path), 'utf8')).toBe(text)
  expect(await left()).toBe('')
  expect(await copies()).toEqual([])
})

// Where the official image of BuildKit is out of reach, it is compiled first.
it('an empty builder with the cache of a registry runs what the changed line runs, and nothing else', async () => {
  const { found, failures } = await measured(['registry-cache'])
  expect(failures).toEqual([])
  const fresh = found.get('registry-cache')
  expect(fresh?.ran.map(({ line, predicted }) => [line, predicted])).toEqual([
    [4, 'reruns'],
    [5, 'reruns'],
    [9, 'may rerun'],
    [10, 'may rerun'],
  ])
  expect(fresh?.cached).toBe(3)
  expect(fresh?.tookMs.runs).toBe(2)
  expect(await left()).toBe('')
}, 900_000)

it('a change that does not build costs itself alone, and says why', async () => {
  const dockerfile = join(root, 'apps', app, 'Dockerfile')
  await writeFile(dockerfile, files.Dockerfile?.replace('-q stop', '-q x-') ?? '')
  const { found, failures } = await measured(['unchanged', 'scripts'])
  expect([...found.keys()]).toEqual(['unchanged'])
  expect(failures).toHaveLength(1)
  expect(failures[0]).toMatch(/^scripts: .*RUN ! grep -q x- \/installed/s)
  await writeFile(dockerfile, files.Dockerfile ?? '')
})

it('what is interrupted leaves nothing behind', async () => {
  const interrupt = new AbortController()
  setTimeout(() => interrupt.abort(), 3000)
  await expect(measured(['unchanged', 'line'], interrupt.signal)).rejects.toThrow()
  expect(await left()).toBe('')
  expect(await copies()).toEqual([])
})
