import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BakeImage, bake, bakeImages, products } from '@stagecraft/engine'
import { execa } from 'execa'
import { beforeAll, expect, it } from 'vitest'
import { differences } from './differences.ts'

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

/** Builds images and leaves nothing but what is in the build cache. @returns the digest of each by its target */
function digests(images: readonly BakeImage[], ...more: string[]): Promise<Map<string, string>> {
  return inDirectory(async (directory) => {
    const file = join(directory, 'metadata.json')
    const output = `--set=*.output=type=image,store=false,compression=zstd,${times}`
    await bake(
      root,
      images.map(({ target }) => target),
      { args: ['--provenance=false', output, `--metadata-file=${file}`, ...more] },
    )
    const metadata: Record<string, Record<string, string>> = JSON.parse(await readFile(file, 'utf8'))
    return new Map(images.map(({ target }) => [target, metadata[target]?.['containerimage.digest'] ?? '']))
  })
}

/** Builds an image twice from nothing. @returns in what the two differ */
function compareTwo({ target }: BakeImage): Promise<string[]> {
  return inDirectory(async (directory) => {
    const builds = ['one', 'other'].map((name) => join(directory, name))
    for (const build of builds) {
      const output = `--set=*.output=type=oci,tar=false,dest=${build},${times}`
      const args = [
        '--no-cache',
        '--provenance=false',
        `--allow=fs.write=${directory}`,
        output,
        '--set=*.tags=',
      ]
      await bake(root, [target], { args })
    }
    const [one = '', other = ''] = builds
    return differences(one, other)
  })
}

let cached: Map<string, string>
let fresh: Map<string, string>

// All in one go: the stages that images share are built once. `--no-cache` empties cache mounts too.
beforeAll(async () => {
  cached = await digests(images)
  fresh = await digests(images, '--no-cache')
})

it.each(images)('$image built from nothing has the digest of the one built before', async (image) => {
  const digest = fresh.get(image.target)
  expect(digest).toMatch(/^sha256:/)
  if (digest === cached.get(image.target)) return
  // What the cache holds may be older than what a package registry gives today.
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
    const [one, two] = layouts.map(({ layout }) => layout) as [string, string]
    expect(await differences(one, two)).toEqual([
      'config.Env.1 is "WORD=one" and "WORD=two"',
      expect.stringMatching(/^history\.0\.created_by is "ENV WORD=one" and "ENV WORD=two"/),
      'the layer of `COPY <<END /folder/file # buildkit`: /folder/file (sha256)',
    ])
    expect(await differences(one, one)).toEqual([])
  }))
