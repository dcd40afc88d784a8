import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readPins, renderPins, renewPins } from '@stagecraft/compare/bump/pins'
import {
  type EmptyBuilder,
  findBuildkit,
  pushBase,
  type Registry,
  startBuilder,
  startRegistry,
} from '@stagecraft/engine'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, it } from 'vitest'

const base = 'node:26-trixie-slim'
const resources = new AsyncDisposableStack()
afterAll(() => resources.disposeAsync())
let root: string
let registry: Registry
let builder: EmptyBuilder

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'pins-'))
  resources.defer(() => rm(root, { recursive: true }))
  await mkdir(join(root, 'apps/one'), { recursive: true })
  await writeFile(join(root, 'apps/one/Dockerfile'), `FROM ${base}\nUSER 1000:1000\n`)
  const bake = {
    group: { all: { targets: ['one'] } },
    target: {
      _common: {},
      one: { inherits: ['_common'], context: 'apps/one', tags: ['stagecraft/one:prod'] },
    },
  }
  await writeFile(join(root, 'docker-bake.json'), JSON.stringify(bake))
  await writeFile(join(root, 'docker-bake.pins.hcl'), renderPins(new Map([[base, undefined]])))
  registry = resources.use(await startRegistry())
  await pushBase(base, registry)
  builder = resources.use(await startBuilder(await findBuildkit(), registry))
})

const build = () =>
  execa(
    'docker',
    ['buildx', 'bake', '--progress=plain', '-f', 'docker-bake.json', '-f', 'docker-bake.pins.hcl', 'one'],
    { cwd: root, env: builder.env, reject: false },
  )

it("a registry's digest of each base is written, and built on", async () => {
  const pins = await renewPins(root, registry.address)
  const digest = pins.get(base) ?? ''
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(await readPins(root)).toEqual(pins)
  const { stderr, exitCode } = await build()
  expect(stderr).toContain(`${base}@${digest}`)
  expect(exitCode).toBe(0)
})

it('a digest that no registry has stops the build, and is named', async () => {
  const digest = `sha256:${'0'.repeat(64)}`
  await writeFile(join(root, 'docker-bake.pins.hcl'), renderPins(new Map([[base, digest]])))
  const { stderr, exitCode } = await build()
  expect(stderr).toContain(`${base}@${digest}: not found`)
  expect(exitCode).toBe(1)
})

it('a registry that does not answer leaves the file as it was', async () => {
  const before = await readFile(join(root, 'docker-bake.pins.hcl'), 'utf8')
  await expect(renewPins(root, '127.0.0.1:1')).rejects.toThrow(`The digest of ${base} cannot be read`)
  expect(await readFile(join(root, 'docker-bake.pins.hcl'), 'utf8')).toBe(before)
})
