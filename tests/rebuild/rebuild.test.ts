import { randomUUID } from 'node:crypto'
import { existsSync, globSync } from 'node:fs'
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { analyze } from '@stagecraft/dockerfile'
import {
  type BakeImage,
  bakeImages,
  copyTree,
  type PushedLayer,
  products as productVariants,
  pushedLayers,
  type Registry,
  readLocalImage,
  readProgress,
  type StepRun,
  startRegistry,
} from '@stagecraft/engine'
import { hold, wrong } from '@stagecraft/engine/held'
import { appBases } from '@stagecraft/engine/test/app-bases'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
let registry: Registry
let copy: string

const docker = (...args: string[]) => execa('docker', args, { cwd: root })

/** Bytes that a push transfers after one changed line of an app, at most: by what its prod is built on. */
const pushPromises: Readonly<Record<string, number>> = { node: 16_000, nginx: 200_000 }
/** The same after a line of a package, whose layer of a service has more in it. */
const packagePromises: Readonly<Record<string, number>> = { ...pushPromises, node: 20_000 }

/** A product of an app of the workspace. */
interface Product extends BakeImage {
  /** The app's name in the workspace. */
  name: string
  /** Folders of the packages that the app has from the workspace. */
  packages: string[]
  /** Bytes that a push transfers after one changed line, at most. */
  limit: number
  /** The same for a line of a package. */
  packageLimit: number
}

/** The workspace's own packages are named after their folders; one without sources is configuration. */
async function readApp(app: string): Promise<Pick<Product, 'name' | 'packages'>> {
  const manifest = await readFile(join(root, 'apps', app, 'package.json'), 'utf8')
  const { name, dependencies, devDependencies } = JSON.parse(manifest)
  const all = Object.entries<string>({ ...dependencies, ...devDependencies })
  const shared = all.filter(([, range]) => range.startsWith('workspace:'))
  const folders = shared.map(([key]) => `packages/${basename(key)}`)
  return { name, packages: folders.filter((folder) => existsSync(join(root, folder, 'src'))) }
}

const images = (await bakeImages(root)).filter(({ context }) => context === '.')
const bases = await appBases(root, images)
const products: Product[] = await Promise.all(
  images
    .filter(({ variant }) => productVariants.includes(variant))
    .map(async (image) => ({
      ...image,
      ...(await readApp(image.app)),
      limit: pushPromises[bases.get(image.app) ?? ''] ?? 0,
      packageLimit: packagePromises[bases.get(image.app) ?? ''] ?? 0,
    })),
)
const apps = [...new Set(products.map(({ app }) => `apps/${app}`))]
const shared = [...new Set(products.flatMap(({ packages }) => packages))]

/** Builds and pushes every product from the copied tree, in one go. */
async function build(): Promise<StepRun[]> {
  const targets = products.map(({ target }) => target)
  const tags = targets.map((target) => `--set=${target}.tags=${tag(target)}`)
  // In the registry alone: an engine that unpacks one image while it lets go of another may lose what they share.
  const output = '--set=*.output=type=image,push=true,store=false'
  const { stderr } = await execa(
    'docker',
    ['buildx', 'bake', '--progress=rawjson', output, ...tags, ...targets],
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

// A repository for each: of two pushes of one layer to one repository at a time, the registry may refuse one.
const tag = (target: string): string => `${registry.address}/rebuild/${target}`

/** What BuildKit does for a stage of a product's Dockerfile, in its words. */
async function instructionsOf({ app, dockerfile, stage }: Product, wanted: string): Promise<string[]> {
  const { stages, instructions } = analyze(
    await readFile(join(root, dockerfile), 'utf8'),
    stage ? { target: stage } : {},
  )
  const { index } = stages.find(({ name }) => name === wanted) ?? {}
  return instructions
    .filter((each) => each.stage === index && each.outcome !== undefined && each.keyword !== 'FROM')
    .map(({ text }) => `[${wanted}] ${text.replaceAll('\\\n', '').replaceAll(/\$\{APP}/g, app)}`)
}

const sources = ' --from=prune /repo/out/full/ ./'

/** The steps from the sources to what is compiled: in `build` alone, or in the stage that it begins with too. */
async function compiling(product: Product): Promise<string[]> {
  const steps = [...(await instructionsOf(product, 'workspace')), ...(await instructionsOf(product, 'build'))]
  return steps.slice(steps.findIndex((step) => step.endsWith(sources)))
}

/** The steps that put the product together. */
const assembling = (product: Product) => instructionsOf(product, product.variant)

/** The steps that cut the workspace down to a product's app. */
const pruning = async (product: Product) => (await instructionsOf(product, 'prune')).slice(-2)

const installing = (target: string, runs: readonly StepRun[]) =>
  stepsOf(target, runs).filter((step) => /\bp?npm (.* )?(install (?!--lockfile-only)|deploy )/.test(step))

/**
 * Adds a line that was never there before to the folder's program: something that neither a compiler nor a bundler leaves
 * out.
 * @returns the path of its file
 */
async function change(folder: string): Promise<string> {
  const [source = ''] = globSync('src/{main,index}.{ts,tsx}', { cwd: join(copy, folder) })
  const path = `${folder}/${source}`
  await appendFile(join(copy, path), `Object.assign(globalThis, { changed: '${randomUUID()}' })\n`)
  return path
}

/** What each product consists of now, by bake target. */
const layers = new Map<string, PushedLayer[]>()

beforeAll(async () => {
  registry = await startRegistry()
  copy = await copyTree(root)
  // What is in the cache may lack results that only a changed line asks for: this one brings them.
  for (const folder of [...apps, ...shared]) await change(folder)
  await build()
  for (const { target } of products) layers.set(target, await pushedLayers(tag(target)))
})

afterAll(async () => {
  await registry[Symbol.asyncDispose]()
  const { stdout } = await docker('images', '--quiet', '--filter', `reference=${registry.address}/rebuild/*`)
  const left = new Set(stdout.split('\n').filter(Boolean))
  if (left.size > 0) await docker('image', 'rm', '--force', ...left)
  if (copy) await rm(copy, { recursive: true, force: true })
})

it('promises what a push of every app transfers', () => {
  expect(products.filter(({ limit }) => limit === 0)).toEqual([])
})

describe.each([...apps, ...shared])('after one changed line in %s', async (folder) => {
  const own = products.filter(({ app }) => folder === `apps/${app}`)
  const dependents = products.filter(({ packages }) => packages.includes(folder))
  const others = products.filter((product) => !own.includes(product) && !dependents.includes(product))
  const copying: Product[] = []
  for (const product of dependents)
    if ((await assembling(product)).some((step) => step.includes(`/${folder}/`))) copying.push(product)
  // What goes into a bundle is there only as far as it is used.
  const bundling = dependents.filter((product) => !copying.includes(product))
  let runs: StepRun[]
  let path: string
  const pushed = new Map<string, PushedLayer[]>()

  beforeAll(async () => {
    path = await change(folder)
    runs = await build()
    for (const { target } of products) {
      const now = await pushedLayers(tag(target))
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
      const copies = (await assembling(product)).filter((step) => step.includes('] COPY '))
      expect(stepsOf(product.target, runs)).toEqual(
        [...(await pruning(product)), ...(await compiling(product)), copies.at(-1)].sort(),
      )
    },
  )

  it.each([...own, ...copying])(
    '$target pushes one layer, of less than $limit bytes',
    ({ target, limit }) => {
      expect(pushed.get(target)).toHaveLength(1)
      expect(pushed.get(target)?.[0]?.size).toBeLessThan(limit)
    },
  )

  it.each(bundling)(
    '$target pushes one layer at most, of less than $packageLimit bytes',
    ({ target, packageLimit }) => {
      expect(pushed.get(target)?.slice(1)).toEqual([])
      expect(pushed.get(target)?.[0]?.size ?? 0).toBeLessThan(packageLimit)
    },
  )

  it.each(dependents)('$target compiles, but installs nothing', async (product) => {
    expect(stepsOf(product.target, runs)).toEqual(expect.arrayContaining(await compiling(product)))
    expect(installing(product.target, runs)).toEqual([])
  })

  it.each(others)('$target prunes, finds nothing changed, and pushes nothing', async (product) => {
    expect(stepsOf(product.target, runs)).toEqual((await pruning(product)).sort())
    expect(pushed.get(product.target)).toEqual([])
  })

  it.each(products)('$target does what was predicted', async ({ dockerfile, target, variant }) => {
    const text = await readFile(join(copy, dockerfile), 'utf8')
    const dockerignore = await readFile(join(copy, '.dockerignore'), 'utf8')
    const prediction = analyze(text, { target: variant, dockerignore, changed: [{ path }] })
    expect(wrong(hold(prediction, runs, target)), JSON.stringify(runs, null, 1)).toEqual([])
  })
})

describe('after a changed script in the manifest of every app', () => {
  let runs: StepRun[]

  beforeAll(async () => {
    for (const folder of apps) {
      const path = join(copy, folder, 'package.json')
      const manifest = JSON.parse(await readFile(path, 'utf8'))
      manifest.scripts[`x-${randomUUID()}`] = 'true'
      await writeFile(path, `${JSON.stringify(manifest, undefined, 2)}\n`)
    }
    runs = await build()
  })

  it.each(products)('$target prunes, and installs nothing', async (product) => {
    expect(stepsOf(product.target, runs)).toEqual(expect.arrayContaining(await pruning(product)))
    expect(installing(product.target, runs)).toEqual([])
  })
})

it.each(products.filter(({ app }) => `apps/${app}` === apps[0]))(
  '$target has the sizes that the registry has, to the byte',
  async ({ target }) => {
    await docker('pull', tag(target))
    const image = await readLocalImage(tag(target))
    expect(image.layers.map(({ digest, compressedBytes: size }) => ({ digest, size }))).toEqual(
      layers.get(target)?.map(({ digest, size }) => ({ digest, size })),
    )
  },
)
