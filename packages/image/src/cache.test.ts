import { copyFile, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { archiveOf, blobPath, build, digestOf, file, ociFiles, streamOf } from '../test/archive.ts'
import { type Cache, cacheKey, fileCache } from './cache.ts'
import { readImage } from './image.ts'

let directory: string

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'layer-cache-')), 'layers')
})

afterEach(async () => {
  await rm(join(directory, '..'), { recursive: true })
})

const built = await build({
  layers: [[file('var/lib/dpkg/status', 'Package: a\nVersion: 1\n'), file('x', 'canary')], [file('y')]],
})
const archive = await archiveOf(ociFiles(built))

/** Says what was asked for and what was analysed. */
function observed(cache: Cache) {
  const hits: string[] = []
  const analysed: string[] = []
  return {
    hits,
    analysed,
    async get(key: string) {
      const facts = await cache.get(key)
      if (facts) hits.push(key)
      return facts
    },
    async set(key: string, value: unknown) {
      analysed.push(key)
      await cache.set(key, value)
    },
  }
}

it('analyses a layer once and gives the same facts again', async () => {
  const keys = built.blobs.map((blob) => cacheKey('layer', digestOf(blob), []))
  const first = observed(fileCache(directory))
  const fresh = await readImage(streamOf(archive), { cache: first })
  expect(first).toMatchObject({ hits: [], analysed: keys })

  const second = observed(fileCache(directory))
  expect(await readImage(streamOf(archive), { cache: second })).toEqual(fresh)
  expect(second).toMatchObject({ hits: keys, analysed: [] })
})

it('still hashes a layer that it knows', async () => {
  const cache = fileCache(directory)
  await readImage(streamOf(archive), { cache })
  const [blob] = built.blobs as [Buffer]
  const damaged = await archiveOf(
    ociFiles(built).set(blobPath(blob), Buffer.from(blob).fill(0, blob.length - 8)),
  )
  await expect(readImage(streamOf(damaged), { cache })).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' })
})

it('holds facts for other needles apart, and keeps no needle', async () => {
  const cache = fileCache(directory)
  const plain = await readImage(streamOf(archive), { cache })
  const searched = await readImage(streamOf(archive), { cache, needles: ['canary'] })
  const again = await readImage(streamOf(archive), { cache, needles: ['canary'] })
  const both = await readImage(streamOf(archive), { cache, needles: ['canary', 'a'] })

  expect(plain.layers[0]?.found).toEqual([])
  expect(searched.layers[0]?.found).toEqual([{ needle: 'canary', path: '/x' }])
  expect(again).toEqual(searched)
  expect(both.layers[0]?.found).toContainEqual({ needle: 'canary', path: '/x' })
  for (const name of await readdir(directory))
    expect(`${name}${zstdDecompressSync(await readFile(join(directory, name)))}`).not.toContain('canary')
})

it.each([
  ['is cut short', async (path: string) => writeFile(path, (await readFile(path)).subarray(0, 100))],
  ['is empty', (path: string) => writeFile(path, '')],
  ['is no JSON', (path: string) => writeFile(path, zstdCompressSync('{'))],
  ['is of another layer', (path: string, other: string) => copyFile(other, path)],
])('ignores and rewrites a file that %s', async (_, damage) => {
  const cache = fileCache(directory)
  const fresh = await readImage(streamOf(archive), { cache })
  const names = await readdir(directory)
  const [path, other] = names.map((name) => join(directory, name)) as [string, string]
  const bytes = await readFile(path)
  await damage(path, other)

  expect(await readImage(streamOf(archive), { cache })).toEqual(fresh)
  expect(await readFile(path)).toEqual(bytes)
  expect(await readdir(directory)).toEqual(names)
})

it('forgets what has not been used for two weeks', async () => {
  await fileCache(directory).set('old', 1)
  await fileCache(directory).set('new', 1)
  const [newer, older] = (await readdir(directory)).sort() as [string, string]
  const days = (count: number) => (Date.now() - count * 24 * 3600 * 1000) / 1000
  await utimes(join(directory, older), days(15), days(20))
  await utimes(join(directory, newer), days(13), days(20))

  await fileCache(directory).set('another', 1)
  expect(await readdir(directory)).not.toContain(older)
  expect(await fileCache(directory).get('new')).toBe(1)
})

it('leaves nothing half-written when it cannot write', async () => {
  await writeFile(directory, 'a file is in the way')
  await expect(readImage(streamOf(archive), { cache: fileCache(directory) })).rejects.toThrow(
    /EEXIST|ENOTDIR/,
  )
})

it('serves several readers of one image at a time', async () => {
  const cache = fileCache(directory)
  const images = await Promise.all([1, 2, 3].map(() => readImage(streamOf(archive), { cache })))
  expect(images[1]).toEqual(images[0])
  expect(images[2]).toEqual(images[0])
  expect(await readdir(directory)).toHaveLength(2)
})
