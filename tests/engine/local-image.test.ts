import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  canary,
  engine,
  findContentStore,
  type ReadOptions,
  readExported,
  readLocalImages,
  readStored,
} from '@stagecraft/engine'
import { buildFixtureImages, type FixtureImages } from '@stagecraft/engine/test/fixture-images'
import { cacheKey, fileCache, type Image } from '@stagecraft/image'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

const store = await findContentStore()
const ways: [way: string, read: (images: readonly string[], options?: ReadOptions) => Promise<Image[]>][] = [
  ['exported', readExported],
  ...(store === undefined
    ? []
    : [['stored', (...args) => readStored(store, ...args)] satisfies (typeof ways)[0]]),
]

let images: FixtureImages
beforeAll(async () => {
  const copy = (path: string) => `COPY <<EOF ${path}\ntext\nEOF\n`
  const dockerfile = `FROM scratch AS base\n${copy('/one')}FROM base\n${copy('/two')}`
  const output = (compression: string) => [`type=docker,compression=${compression},force-compression=true`]
  images = await buildFixtureImages(
    import.meta.dirname,
    {
      gzip: dockerfile,
      zstd: dockerfile,
      attested: dockerfile,
      other: `FROM scratch\n${copy('/two')}`,
    },
    {
      gzip: { output: output('gzip') },
      zstd: { output: output('zstd') },
      attested: { attest: ['type=provenance,mode=max'] },
    },
  )
})
afterAll(() => images[Symbol.asyncDispose]())

let cacheDirectory: string
beforeEach(async () => {
  cacheDirectory = await mkdtemp(join(tmpdir(), 'contract-'))
})
afterEach(() => rm(cacheDirectory, { recursive: true }))

describe.each(ways)('%s', (way, read) => {
  it('an image is analysed once and remembered', async () => {
    const names = ['gzip', 'other'].map(images.reference)
    const [image, other] = (await read(names, { cacheDirectory })) as [Image, Image]
    expect(image.layers.map(({ entries }) => entries.map(({ path }) => path))).toEqual([['/one'], ['/two']])

    const cache = fileCache(cacheDirectory)
    const digest = (way === 'stored' ? image.layers[0]?.digest : image.manifestDigest) ?? ''
    const key = cacheKey(way === 'stored' ? 'layer' : 'image', digest, [canary])
    const remembered = JSON.stringify(await cache.get(key)).replaceAll('/one', '/remembered')
    await cache.set(key, JSON.parse(remembered))
    const [again] = await read(names.slice(0, 1), { cacheDirectory })
    expect(again?.layers[0]?.entries).toEqual([expect.objectContaining({ path: '/remembered' })])
    expect(await read(names.slice(1), { cacheDirectory })).toEqual([other])
  })

  it('images come in the order asked for', async () => {
    const names = ['other', 'zstd', 'other'].map(images.reference)
    const [other, zstd, again] = await read(names, { cacheDirectory })
    expect([other, zstd].map((image) => image?.layers.length)).toEqual([1, 2])
    expect(again).toEqual(other)
  })

  it('calls at the same time are all answered', async () => {
    const names = ['gzip', 'zstd', 'attested', 'other'].map(images.reference)
    const calls = await Promise.all(names.map((name) => read([name], { cacheDirectory })))
    expect(calls.flat()).toEqual(await read(names, { cacheDirectory }))
  })

  it('a call whose signal aborts ends with its reason', async () => {
    const reading = read([images.reference('gzip')], { cacheDirectory, signal: AbortSignal.abort() })
    await expect(reading).rejects.toThrow('aborted')
  })

  it('an image that is not there is named', async () => {
    const name = images.reference('absent')
    await expect(read([images.reference('gzip'), name], { cacheDirectory })).rejects.toThrow(
      `There is no local image ${name}`,
    )
  })
})

it.skipIf(!store)('reads the same both ways', async () => {
  const docker = await engine()
  const [repo = '', tag = ''] = images.reference('tagged').split(':')
  await docker.getImage('node:26-trixie-slim').tag({ repo, tag })
  try {
    const names = ['gzip', 'zstd', 'attested', 'other', 'tagged'].map(images.reference)
    const exported = await readExported(names, { cacheDirectory: join(cacheDirectory, 'exported') })
    const stored = await readStored(store ?? '', names, { cacheDirectory: join(cacheDirectory, 'stored') })
    expect(stored).toStrictEqual(exported)
    expect(stored.map(({ layers }) => layers[0]?.compression).slice(0, 2)).toEqual(['gzip', 'zstd'])
    expect(stored.flatMap(({ layers }) => layers).some((layer) => layer.compressedIsEstimate)).toBe(false)
  } finally {
    await docker.getImage(`${repo}:${tag}`).remove()
  }
})

it.skipIf(!store)("chooses the store, and the user's own directory", async () => {
  const before = process.env.XDG_CACHE_HOME
  process.env.XDG_CACHE_HOME = cacheDirectory
  try {
    const [image] = await readLocalImages([images.reference('zstd')])
    expect(image?.layers).toHaveLength(2)
    expect(await readdir(join(cacheDirectory, 'stagecraft/layers'))).toHaveLength(2)
  } finally {
    if (before === undefined) delete process.env.XDG_CACHE_HOME
    else process.env.XDG_CACHE_HOME = before
  }
})
