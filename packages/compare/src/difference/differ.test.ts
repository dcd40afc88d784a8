import { expect, it } from 'vitest'
import { differ, type Side } from './differ.ts'
import { nearest } from './nearest.ts'
import { renderDifference } from './render.ts'

const contents: Side['contents'] = {
  files: 1,
  executables: 1,
  osPackages: [{ name: 'libc6', version: '2.41' }],
  npmPackages: [{ name: 'express', version: '5.3.0' }],
  shells: ['/bin/sh'],
  packageManagers: [],
  compilers: [],
  setuidFiles: [],
  wastedBytes: 0,
  largestFiles: [],
  folders: [{ path: '/app', bytes: 5_000_000 }],
}
const config: NonNullable<Side['config']> = {
  user: '1000:1000',
  env: ['NODE_ENV=production'],
  entrypoint: [],
  cmd: ['node', 'main.js'],
  workdir: '/app',
  exposedPorts: ['3000/tcp'],
  volumes: [],
  healthcheck: [],
  stopSignal: '',
}
const layer = (digit: string) => ({
  digest: `sha256:${digit.repeat(64)}`,
  compressedBytes: 1_000_000,
  unpackedBytes: 5_000_000,
  createdBy: `COPY ${digit} . # buildkit`,
})
const side = (part: Partial<Side> = {}): Side => ({
  config,
  contents,
  size: { compressedBytes: 1_000_000, unpackedBytes: 5_000_000 },
  layers: [layer('1')],
  ...part,
})
const run = (median: number, by: number, idleMemoryBytes = 30_000_000): Pick<Side, 'run'> => ({
  run: {
    startToReadyMs: { median, min: median - by, max: median + by, runs: 3 },
    idleMemoryBytes,
    stopMs: 10,
  },
})

it('an image does not differ from itself', () => {
  expect(differ(side(), side())).toEqual([])
  expect(renderDifference({ from: 'a', to: 'b', changes: [] })).toBe('a → b: no difference')
})

it('times differ by more than their margin, memory by more than a tenth', () => {
  expect(differ(side(run(300, 20)), side(run(330, 20)))).toEqual([])
  expect(differ(side(run(300, 5)), side(run(330, 5)))).toEqual([
    { what: 'time', name: 'ready', from: '300 ± 15 ms', to: '330 ± 15 ms' },
  ])
  expect(differ(side(run(300, 10)), side(run(300, 10, 32_000_000)))).toEqual([])
  expect(differ(side(run(300, 10)), side(run(300, 10, 40_000_000)))).toMatchObject([
    { what: 'memory', bytes: 10_000_000 },
  ])
})

it('tells where the bytes are: the folders that hold them, not those above', () => {
  const folders = [
    { path: '/app', bytes: 30_000_000 },
    { path: '/app/node_modules', bytes: 26_000_000 },
    { path: '/app/node_modules/typescript', bytes: 24_500_000 },
    { path: '/root', bytes: 40_000_000 },
    { path: '/root/.npm', bytes: 40_000_000 },
  ]
  const changes = differ(side(), side({ contents: { ...contents, folders } }))
  expect(changes.map(({ what, name, bytes }) => [what, name, bytes])).toEqual([
    ['folder', '/root/.npm', 40_000_000],
    ['folder', '/app/node_modules/typescript', 24_500_000],
    ['folder', '/app/node_modules', 1_500_000],
    ['folder', '/app', -1_000_000],
  ])
})

it('tells of packages, variables, users and layers, in 80 columns', () => {
  const other = side({
    config: { ...config, user: '', env: ['NODE_ENV=production', 'PORT=80'], cmd: ['npm', 'start'] },
    contents: {
      ...contents,
      osPackages: [],
      npmPackages: [
        { name: 'express', version: '4.0.0' },
        ...Array.from({ length: 20 }, (_, index) => ({ name: `left-pad-number-${index}`, version: '1.0.0' })),
      ],
      setuidFiles: ['/usr/bin/su'],
    },
    size: { compressedBytes: 3_000_000, unpackedBytes: 5_000_000 },
    layers: [layer('1'), layer('2')],
  })
  const text = renderDifference({ from: 'a', to: 'b', changes: differ(side(), other) })
  expect(text).toMatchInlineSnapshot(`
    "a → b
      size             pull   1.0 → 3.0 MB, +2.0
      user             1000:1000 → root
      command          node main.js → npm start
      environment      + PORT=80
      OS package       -1: libc6
      npm package      +20: left-pad-number-0, left-pad-number-1, left-pad-number-1…
                       1 in another version: express 5.3.0 → 4.0.0
      setuid file      +1: /usr/bin/su
      layer                +1.0 MB  COPY 2 . # buildkit"
  `)
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
})

it('finds the nearest by language, then by where the bytes are', () => {
  const python = { ...contents, npmPackages: [], pythonPackages: [{ name: 'flask', version: '3' }] }
  const references = [
    { name: 'flask', ...side({ contents: python }) },
    { name: 'small', ...side({ contents: { ...contents, folders: [{ path: '/app', bytes: 1_000_000 }] } }) },
    { name: 'large', ...side() },
  ]
  expect(nearest(side(), references)?.name).toBe('large')
  expect(nearest(side({ contents: { ...python, folders: [] } }), references)?.name).toBe('flask')
  expect(nearest(side(), [])).toBeUndefined()
})
