import { randomUUID } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  bake,
  type EmptyBuilder,
  findBuildkit,
  pushAs,
  pushBase,
  type Registry,
  startBuilder,
  startRegistry,
  timeBake,
} from '@stagecraft/engine'
import { buildFixtureImages } from '@stagecraft/engine/test/fixture-images'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, it } from 'vitest'

/** `docker buildx bake release` with a builder as CI has one, into a registry on loopback. */

const root = join(import.meta.dirname, '../..')
const resources = new AsyncDisposableStack()
afterAll(() => resources.disposeAsync())
let registry: Registry
let buildkit: string
let builder: EmptyBuilder

beforeAll(async () => {
  buildkit = await findBuildkit()
  registry = resources.use(await startRegistry())
  for (const base of ['node:26-trixie-slim', 'golang:1.27-trixie']) await pushBase(base, registry)
  const folder = join(import.meta.dirname, 'scanner')
  await using images = await buildFixtureImages(folder, {
    scanner: await readFile(join(folder, 'Dockerfile'), 'utf8'),
  })
  await pushAs(images.reference('scanner'), `${registry.address}/scanner:1`)
  builder = resources.use(await startBuilder(buildkit, registry))
})

/** The environment of a build by another builder than the engine's own. */
const by = (of: EmptyBuilder, env: Record<string, string>) => ({
  IMAGE_REGISTRY: registry.address,
  SBOM_GENERATOR: `${registry.address}/scanner:1`,
  ...of.env,
  ...env,
})

interface Index {
  manifests: {
    digest: string
    platform: { os: string; architecture: string }
  }[]
}

/** What the registry has under a name, without the address. */
async function inspect(name: string, format: string): Promise<unknown> {
  const args = [
    'buildx',
    'imagetools',
    'inspect',
    `${registry.address}/${name}`,
    `--format={{json ${format}}}`,
  ]
  return JSON.parse((await execa('docker', args)).stdout)
}

/** Digests of a release's images by platform. */
async function digests(name: string): Promise<Record<string, string>> {
  const { manifests } = (await inspect(name, '.Manifest')) as Index
  const images = manifests.filter(({ platform }) => platform.os !== 'unknown')
  return Object.fromEntries(
    images.map(({ digest, platform }) => [`${platform.os}/${platform.architecture}`, digest]),
  )
}

it('has an image for each platform, compiled without emulation, each with its provenance', async () => {
  await bake(root, ['release-go-hello-scratch'], { env: by(builder, {}) })
  const name = 'go-hello:0.1.0-scratch'
  const platforms = Object.keys(await digests(name))
  expect(platforms).toEqual(['linux/amd64', 'linux/arm64'])
  const images = (await inspect(name, '.Image')) as Record<string, { architecture: string; created: string }>
  expect(Object.values(images).map(({ architecture }) => architecture)).toEqual(['amd64', 'arm64'])
  for (const { created } of Object.values(images)) expect(created).toBe('1970-01-01T00:00:00Z')
  const provenance = (await inspect(name, '.Provenance')) as Record<
    string,
    { SLSA: { materials: { uri: string; digest: { sha256: string } }[] } }
  >
  expect(Object.keys(provenance)).toEqual(platforms)
  // What went into it: the base by its digest.
  for (const { SLSA } of Object.values(provenance)) {
    const base = SLSA.materials.find(({ uri }) => uri.startsWith('pkg:docker/golang@1.27-trixie'))
    expect(base?.digest.sha256).toMatch(/^[0-9a-f]{64}$/)
  }
})

it('has the list of what is in it, the same digest from an empty builder, and its commit', async () => {
  const env = { IMAGE_PLATFORMS: 'linux/amd64', IMAGE_REVISION: 'f'.repeat(40), COMMIT_TIME: '1700000000' }
  const name = 'node-hello:0.1.0'
  await bake(root, ['release-node-hello-prod'], { env: by(builder, env) })
  const once = await digests(name)
  expect(await digests('node-hello:0.1.0-prod')).toEqual(once)

  const { SPDX } = (await inspect(name, '.SBOM')) as { SPDX: { packages: { name: string }[] } }
  expect(SPDX.packages.map((each) => each.name)).toEqual(expect.arrayContaining(['express']))
  expect(SPDX.packages.map((each) => each.name)).not.toEqual(expect.arrayContaining(['typescript']))
  const { config } = (await inspect(name, '.Image')) as { config: { Labels: Record<string, string> } }
  expect(config.Labels).toMatchObject({
    'org.opencontainers.image.revision': 'f'.repeat(40),
    'org.opencontainers.image.created': '2023-11-14T22:13:20Z',
  })

  await using another = await startBuilder(buildkit, registry)
  await bake(root, ['release-node-hello-prod'], { env: by(another, env) })
  expect(await digests(name)).toEqual(once)
})

it.each(['registry', 'local'])(
  'an empty builder takes from IMAGE_CACHE=%s all that another has built',
  async (kind) => {
    const env = { IMAGE_CACHE: kind, IMAGE_CACHE_FOLDER: `.cache/release-${randomUUID()}` }
    resources.defer(() => rm(join(root, env.IMAGE_CACHE_FOLDER), { recursive: true, force: true }))
    await bake(root, ['node-hello-prod'], { env: by(builder, env) })
    await using another = await startBuilder(buildkit, registry)
    const { steps } = await timeBake(root, 'node-hello-prod', { env: by(another, env) })
    // What FROM names is fetched.
    const instructions = steps.filter(({ name }) => /^(RUN|COPY) /.test(name))
    expect(instructions).not.toEqual([])
    expect(instructions.filter(({ ran }) => ran)).toEqual([])
  },
)
