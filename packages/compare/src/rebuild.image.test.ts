import { randomUUID } from 'node:crypto'
import { globSync } from 'node:fs'
import { appendFile, readFile, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type BakeImage, bakeImages, readLocalImage } from '@stagecraft/contract'
import { analyze } from '@stagecraft/dockerfile'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { hold, wrong } from '../test/prediction-build.ts'
import { copyTree } from '../test/tree.ts'
import { readProgress, type StepRun } from './progress.ts'

const root = join(import.meta.dirname, '../../..')
const registryImage = 'stagecraft-test/registry'
const registry = { container: '', address: '' }
let copy: string

const docker = (...args: string[]) => execa('docker', args, { cwd: root })

/** A product of a Node app. */
interface Product extends BakeImage {
  /** The app's name in the workspace. */
  name: string
  /** Folders of the packages that the app has from the workspace. */
  packages: string[]
}

/** The workspace's own packages are named after their folders. */
async function readApp(app: string): Promise<Pick<Product, 'name' | 'packages'>> {
  const { name, dependencies } = JSON.parse(await readFile(join(root, 'apps', app, 'package.json'), 'utf8'))
  const shared = Object.keys(dependencies).filter((key) => dependencies[key].startsWith('workspace:'))
  return { name, packages: shared.map((key) => `packages/${basename(key)}`) }
}

const nodeApps = globSync('apps/*/package.json', { cwd: root }).map((path) => basename(dirname(path)))
const products: Product[] = await Promise.all(
  (await bakeImages(root))
    .filter(({ app, variant }) => nodeApps.includes(app) && ['prod', 'distroless'].includes(variant))
    .map(async (image) => ({ ...image, ...(await readApp(image.app)) })),
)
const apps = [...new Set(products.map(({ app }) => `apps/${app}`))]
const shared = [...new Set(products.flatMap(({ packages }) => packages))]

type Layer = { digest: string; size: number }

/** Builds and pushes every product from the copied tree, in one go. */
async function build(): Promise<StepRun[]> {
  const targets = products.map(({ target }) => target)
  const tags = targets.map((target) => `--set=${target}.tags=${tag(target)}`)
  const { stderr } = await execa(
    'docker',
    ['buildx', 'bake', '--progress=rawjson', '--push', ...tags, ...targets],
    { cwd: copy, env: { BUILDX_BUILDER: 'default' } },
  )
  return readProgress(stderr)
}

/** The steps of a target that ran, as `[stage] INSTRUCTION`, sorted. Targets share linked copies, but not what they go on. */
function stepsOf(target: string, runs: readonly StepRun[]): string[] {
  const own = runs.filter(
    ({ of, ran, name }) =>
      of[0] === target && ran && !name.startsWith('FROM ') && !name.startsWith('COPY --link '),
  )
  return [...new Set(own.map(({ of, name }) => `[${of[1]}] ${name.replace(/^LINK /, '')}`))].sort()
}

const tag = (target: string): string => `${registry.address}/rebuild/${target}:latest`

/** An image's layers, read back from the registry, through the index that holds its provenance. */
async function pushedLayers(target: string): Promise<Layer[]> {
  const manifest = async (reference: string): Promise<unknown> => {
    const accept = ['index', 'manifest'].map((kind) => `application/vnd.oci.image.${kind}.v1+json`).join(', ')
    const url = `http://${registry.address}/v2/rebuild/${target}/manifests/${reference}`
    return (await fetch(url, { headers: { accept } })).json()
  }
  const index = (await manifest('latest')) as { manifests: { digest: string; platform: { os: string } }[] }
  const image = index.manifests.find(({ platform }) => platform.os === 'linux')
  return ((await manifest(image?.digest ?? '')) as { layers: Layer[] }).layers
}

/** The last instruction of a stage that copies, as BuildKit names it. */
async function lastCopy({ app, variant }: Product): Promise<string> {
  const dockerfile = await readFile(join(root, 'apps', app, 'Dockerfile'), 'utf8')
  const stage = dockerfile
    .split(/^(?=FROM )/m)
    .find((text) => text.split('\n')[0]?.endsWith(` AS ${variant}`))
  return `[${variant}] ${stage?.match(/^COPY .*$/gm)?.at(-1)}`
}

const pruned = ({ name }: Product): string[] => [
  '[prune] COPY . .',
  `[prune] RUN turbo prune ${name} --docker`,
]

/** What each product consists of now, by bake target. */
const layers = new Map<string, Layer[]>()

beforeAll(async () => {
  await docker(
    'build',
    '--builder=default',
    '--quiet',
    '--tag',
    registryImage,
    '--file',
    'packages/compare/test/registry.Dockerfile',
    'packages/compare/test',
  )
  const { stdout } = await docker('run', '--detach', '--rm', '--publish', '127.0.0.1::5000', registryImage)
  registry.container = stdout
  const { stdout: port } = await docker('port', stdout, '5000/tcp')
  registry.address = port.split('\n')[0] as string
  await vi.waitFor(
    async () => expect((await fetch(`http://${registry.address}/v2/`)).status).toBe(200),
    15_000,
  )

  copy = await copyTree(root)
  await build()
  for (const { target } of products) layers.set(target, await pushedLayers(target))
})

afterAll(async () => {
  await docker('rm', '--force', '--volumes', registry.container)
  const { stdout } = await docker('images', '--quiet', '--filter', `reference=${registry.address}/rebuild/*`)
  await docker('image', 'rm', '--force', registryImage, ...new Set(stdout.split('\n').filter(Boolean)))
  if (copy) await rm(copy, { recursive: true, force: true })
})

describe.each([...apps, ...shared])('after one changed line in %s', (folder) => {
  const own = products.filter(({ app }) => folder === `apps/${app}`)
  const dependents = products.filter(({ packages }) => packages.includes(folder))
  const others = products.filter((product) => !own.includes(product) && !dependents.includes(product))
  let runs: StepRun[]
  let path: string
  const pushed = new Map<string, Layer[]>()

  beforeAll(async () => {
    const [source = ''] = globSync('src/{main,index}.{ts,tsx}', { cwd: join(copy, folder) })
    path = `${folder}/${source}`
    // Not a comment: the compiler leaves those out.
    await appendFile(join(copy, path), `void '${randomUUID()}'\n`)
    runs = await build()
    for (const { target } of products) {
      const now = await pushedLayers(target)
      const known = layers.get(target)?.map(({ digest }) => digest)
      pushed.set(
        target,
        now.filter(({ digest }) => !known?.includes(digest)),
      )
      layers.set(target, now)
    }
  })

  it.each(own)(
    '$target prunes, compiles, copies what was compiled, and does nothing else',
    async (product) => {
      expect(stepsOf(product.target, runs)).toEqual(
        [
          ...pruned(product),
          '[workspace] COPY --from=prune /repo/out/full/ ./',
          `[build] RUN pnpm --filter=${product.name} build`,
          await lastCopy(product),
        ].sort(),
      )
    },
  )

  it.each([...own, ...dependents])('$target pushes one layer, of less than 20 kB', ({ target }) => {
    expect(pushed.get(target)).toHaveLength(1)
    expect(pushed.get(target)?.[0]?.size).toBeLessThan(20_000)
  })

  it.each(dependents)('$target compiles, but installs nothing', ({ target, name }) => {
    expect(stepsOf(target, runs)).toContain(`[build] RUN pnpm --filter=${name} build`)
    expect(stepsOf(target, runs).filter((step) => /\b(p?npm (.* )?(install|deploy))\b/.test(step))).toEqual(
      [],
    )
  })

  it.each(others)('$target prunes, finds nothing changed, and pushes nothing', (product) => {
    expect(stepsOf(product.target, runs)).toEqual(pruned(product))
    expect(pushed.get(product.target)).toEqual([])
  })

  it.each(products)('$target does what was predicted', async ({ app, target, variant }) => {
    const dockerfile = await readFile(join(copy, 'apps', app, 'Dockerfile'), 'utf8')
    const dockerignore = await readFile(join(copy, '.dockerignore'), 'utf8')
    const prediction = analyze(dockerfile, { target: variant, dockerignore, changed: [{ path }] })
    expect(wrong(hold(prediction, runs, target)), JSON.stringify(runs, null, 1)).toEqual([])
  })
})

it.each(products.filter(({ app }) => `apps/${app}` === apps[0]))(
  '$target has the sizes that the registry has, to the byte',
  async ({ target }) => {
    const image = await readLocalImage(tag(target), join(root, '.cache/layers'))
    expect(image.layers.map(({ digest, compressedBytes: size }) => ({ digest, size }))).toEqual(
      layers.get(target)?.map(({ digest, size }) => ({ digest, size })),
    )
  },
)
