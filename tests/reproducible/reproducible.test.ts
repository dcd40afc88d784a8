import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type BakeImage,
  bake,
  bakeImages,
  baseImages,
  copyTree,
  findBuildkit,
  products,
  pushBase,
  readRevision,
  startBuilder,
  startRegistry,
} from '@stagecraft/engine'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { differences } from './differences.ts'

/** Every product, built here and elsewhere: by another builder that has nothing, from a copy in another folder. */

const root = join(import.meta.dirname, '../..')
const { APP } = process.env
const images = (await bakeImages(root)).filter(
  ({ app, variant }) => products.includes(variant) && (!APP || app === APP),
)
/**
 * BuildKit keeps the time at which a file was made, unless it is told not to; the engine's own store cannot tell it. It
 * changes later times only, and what is in the cache may be older than the commit: so none is later than 1970.
 */
const times = 'source-date-epoch=0,rewrite-timestamp=true'

async function inDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'reproducible-'))
  try {
    return await use(directory)
  } finally {
    await rm(directory, { recursive: true })
  }
}

/** Where images are built: the folder of the repository, and what tells of the builder and the commit. */
interface Place {
  tree: string
  env: Record<string, string>
}
const here: Place = { tree: root, env: {} }
let elsewhere: Place

const resources = new AsyncDisposableStack()
afterAll(() => resources.disposeAsync())

/** A copy of the repository, which is no git checkout, and an empty builder that can have the bases. */
async function makeElsewhere(): Promise<Place> {
  const tree = await copyTree(root)
  resources.defer(() => rm(tree, { recursive: true }))
  const registry = resources.use(await startRegistry())
  for (const base of await baseImages(root, images)) await pushBase(base, registry)
  const builder = resources.use(await startBuilder(await findBuildkit(), registry))
  const { revision, epoch } = await readRevision(root)
  return { tree, env: { ...builder.env, IMAGE_REVISION: revision, COMMIT_TIME: epoch } }
}

/** Builds all products and leaves nothing but what is in the build cache. @returns the digest of each by its target */
function digests({ tree, env }: Place): Promise<Map<string, string>> {
  return inDirectory(async (directory) => {
    const file = join(directory, 'metadata.json')
    const output = `--set=*.output=type=image,store=false,compression=zstd,${times}`
    // All in one go: the stages that images share are built once.
    await bake(
      tree,
      images.map(({ target }) => target),
      { env, args: ['--provenance=false', output, `--metadata-file=${file}`] },
    )
    const metadata: Record<string, Record<string, string>> = JSON.parse(await readFile(file, 'utf8'))
    return new Map(images.map(({ target }) => [target, metadata[target]?.['containerimage.digest'] ?? '']))
  })
}

/** Builds an image from nothing in both places. @returns in what the two differ */
function compareTwo({ target }: BakeImage): Promise<string[]> {
  return inDirectory(async (directory) => {
    const build = async ({ tree, env }: Place, name: string) => {
      const layout = join(directory, name)
      const output = `--set=*.output=type=oci,tar=false,dest=${layout},compression=zstd,${times}`
      const args = [
        '--no-cache',
        '--provenance=false',
        `--allow=fs.write=${directory}`,
        output,
        '--set=*.tags=',
      ]
      await bake(tree, [target], { args, env })
      return layout
    }
    return differences(await build(here, 'one'), await build(elsewhere, 'other'))
  })
}

let one: Map<string, string>
let other: Map<string, string>
beforeAll(async () => {
  one = await digests(here)
  elsewhere = await makeElsewhere()
  other = await digests(elsewhere)
})

it.each(images)('$image has one digest, wherever it is built', async (image) => {
  const digest = other.get(image.target)
  expect(digest).toMatch(/^sha256:/)
  if (digest === one.get(image.target)) return
  // What the cache here holds may be older than what a package registry gives today.
  expect(await compareTwo(image)).toEqual([])
})

it('what differs is named', () =>
  inDirectory(async (directory) => {
    const layouts = ['one', 'two'].map((word) => ({ word, layout: join(directory, word) }))
    for (const { word, layout } of layouts) {
      const input = ['FROM scratch', `ENV WORD=${word}`, 'COPY <<END /folder/file', word, 'END'].join('\n')
      const output = `type=oci,tar=false,dest=${layout},source-date-epoch=0,rewrite-timestamp=true`
      await execa('docker', ['build', '--provenance=false', `--output=${output}`, '-'], {
        env: { BUILDX_BUILDER: 'default' },
        input,
      })
    }
    const [first, second] = layouts.map(({ layout }) => layout) as [string, string]
    expect(await differences(first, second)).toEqual([
      'config.Env.1 is "WORD=one" and "WORD=two"',
      expect.stringMatching(/^history\.0\.created_by is "ENV WORD=one" and "ENV WORD=two"/),
      'the layer of `COPY <<END /folder/file # buildkit`: /folder/file (sha256)',
    ])
    expect(await differences(first, first)).toEqual([])
  }))
