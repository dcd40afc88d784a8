import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  archiveOf,
  type BuiltImage,
  blobPath,
  build,
  digestOf,
  file,
  json,
  ociFiles,
  streamOf,
  writeStore,
} from '../test/archive.ts'
import type { Cache } from './cache.ts'
import { readImage, readImageFile } from './image.ts'
import { storeReader } from './store.ts'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'image-store-'))
})

afterEach(async () => {
  await rm(directory, { recursive: true })
})

/** Too large to be read but in a thread. */
const large = (name: string) => [
  file(name, Buffer.concat([Buffer.from(`${name} canary`), randomBytes(2 << 20)])),
]

async function store(...images: BuiltImage[]): Promise<string[]> {
  for (const image of images) await writeStore(directory, ociFiles(image))
  return images.map(({ manifest }) => digestOf(manifest))
}

/** Remembers nothing, and says what was analysed. */
function observed(): Cache & { analysed: string[] } {
  const analysed: string[] = []
  return { analysed, get: async () => undefined, set: async (key) => void analysed.push(key) }
}

const threads = () =>
  process.getActiveResourcesInfo().filter((name) => name === 'Worker' || name === 'MessagePort')
const before = threads()

describe('large layers', () => {
  it.each(['gzip', 'zstd', 'none'] as const)('of %s say what an archive says', async (compression) => {
    const built = await build({ layers: [large('a'), large('b'), large('c'), [file('d')]], compression })
    const [digest = ''] = await store(built)
    const needles = ['canary', 'absent']
    const archive = await archiveOf(ociFiles(built))
    const image = await readImage(streamOf(archive), { needles })
    expect(await storeReader(directory, { needles })(digest)).toEqual(image)
    await writeFile(join(directory, 'image.tar'), archive)
    expect(await readImageFile(join(directory, 'image.tar'), { needles })).toEqual(image)
  })

  it('that are damaged or no layers are refused as in an archive', async () => {
    const built = await build({ layers: [large('a')], compression: 'none' })
    const [digest = ''] = await store(built)
    const path = join(directory, blobPath(built.blobs[0] as Buffer))
    await writeFile(path, Buffer.from(built.blobs[0] as Buffer).fill(0, 5000, 6000))
    await expect(storeReader(directory)(digest)).rejects.toMatchObject({
      name: 'ImageArchiveError',
      code: 'DIGEST_MISMATCH',
    })

    const noise = randomBytes(2 << 20)
    const manifest = json({
      config: { digest: digestOf(built.config) },
      layers: [{ digest: digestOf(noise) }],
    })
    const [other = ''] = await store({ ...built, blobs: [noise], manifest })
    await expect(storeReader(directory)(other)).rejects.toMatchObject({ code: 'LAYER_NOT_TAR' })
  })

  it('are analysed once for all images that have them', async () => {
    const base = large('base')
    const built = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((name) => build({ layers: [base, [file(name)]] })),
    )
    const digests = await store(...built)
    const cache = observed()
    const read = storeReader(directory, { cache })
    const images = await Promise.all([...digests, ...digests].map((digest) => read(digest)))
    expect(cache.analysed).toHaveLength(6)
    expect(images.map(({ layers }) => layers[0])).toEqual(images.map(() => images[0]?.layers[0]))
  })
})

describe('what is under way', () => {
  const many = async () => build({ layers: Array.from('abcdefgh', (name) => large(name)) })

  it('ends when a signal aborts, and leaves no thread', async () => {
    const [digest = ''] = await store(await many())
    const cache = observed()
    const stop = new AbortController()
    const reading = storeReader(directory, { cache })(digest, { signal: stop.signal })
    const failed = expect(reading).rejects.toBe('enough')
    await expect.poll(() => threads().length).toBeGreaterThan(before.length)
    stop.abort('enough')
    await failed
    await expect.poll(threads).toEqual(before)
    expect(cache.analysed.length).toBeLessThan(8)
    await expect(storeReader(directory)(digest, { signal: stop.signal })).rejects.toBe('enough')
  })

  it('in an archive on disk ends in the same way', async () => {
    const path = join(directory, 'image.tar')
    await writeFile(path, await archiveOf(ociFiles(await many())))
    const stop = new AbortController()
    const cache: Cache = { get: async () => undefined, set: async () => stop.abort('enough') }
    await expect(readImageFile(path, { cache, signal: stop.signal })).rejects.toBe('enough')
    await expect.poll(threads).toEqual(before)
    await expect(readImageFile(path, { signal: stop.signal })).rejects.toBe('enough')
  })

  it('goes on for others when one no longer waits', async () => {
    const [digest = ''] = await store(await many())
    const cache = observed()
    const read = storeReader(directory, { cache })
    const stop = new AbortController()
    const one = expect(read(digest, { signal: stop.signal })).rejects.toBe('enough')
    const other = read(digest)
    await expect.poll(() => cache.analysed.length).toBeGreaterThan(0)
    stop.abort('enough')
    await one
    expect((await other).layers).toHaveLength(8)
    expect(cache.analysed).toHaveLength(8)
    expect((await read(digest)).layers).toHaveLength(8)
  })

  it('ends when a thread dies, and what comes next is read', async () => {
    const built = await many()
    const [digest = ''] = await store(built)
    const files = built.blobs.map((blob) => join(directory, blobPath(blob)))
    // Gone after it was found.
    const cache: Cache = { get: () => rm(files[0] ?? '', { force: true }), set: async () => {} }
    await expect(storeReader(directory, { cache })(digest)).rejects.toThrow('ENOENT')

    await store(built)
    const readings = Array.from({ length: 2 * availableParallelism() }, () => storeReader(directory)(digest))
    for (const image of await Promise.all(readings)) expect(image.layers).toHaveLength(8)
    await expect.poll(threads).toEqual(before)
  })
})
