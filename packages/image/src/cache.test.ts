import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { archiveOf, blobPath, build, digestOf, file, ociFiles, streamOf } from '../test/archive.ts'
import { fileLayerCache, type LayerCache } from './cache.ts'
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
function observed(cache: LayerCache) {
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
    async set(key: string, facts: Parameters<LayerCache['set']>[1]) {
      analysed.push(key)
      await cache.set(key, facts)
    },
  }
}

it('analyses a layer once and gives the same facts again', async () => {
  const digests = built.blobs.map(digestOf)
  const first = observed(fileLayerCache(directory))
  const fresh = await readImage(streamOf(archive), { cache: first })
  expect(first).toMatchObject({ hits: [], analysed: digests })

  const second = observed(fileLayerCache(directory))
  expect(await readImage(streamOf(archive), { cache: second })).toEqual(fresh)
  expect(second).toMatchObject({ hits: digests, analysed: [] })
})

it('still hashes a layer that it knows', async () => {
  const cache = fileLayerCache(directory)
  await readImage(streamOf(archive), { cache })
  const [blob] = built.blobs as [Buffer]
  const damaged = await archiveOf(
    ociFiles(built).set(blobPath(blob), Buffer.from(blob).fill(0, blob.length - 8)),
  )
  await expect(readImage(streamOf(damaged), { cache })).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' })
})

it('holds facts for other needles apart, and keeps no needle', async () => {
  const cache = fileLayerCache(directory)
  const plain = await readImage(streamOf(archive), { cache })
  const searched = await readImage(streamOf(archive), { cache, needles: ['canary'] })
  const again = await readImage(streamOf(archive), { cache, needles: ['canary'] })
  const both = await readImage(streamOf(archive), { cache, needles: ['canary', 'a'] })

  expect(plain.layers[0]?.found).toEqual([])
  expect(searched.layers[0]?.found).toEqual([{ needle: 'canary', path: '/x' }])
  expect(again).toEqual(searched)
  expect(both.layers[0]?.found).toContainEqual({ needle: 'canary', path: '/x' })
  for (const name of await readdir(directory))
    expect(`${name}${await readFile(join(directory, name), 'utf8')}`).not.toContain('canary')
})

it.each([
  ['is cut short', (text: string) => text.slice(0, text.length / 2)],
  ['is empty', () => ''],
  ['has another shape', () => '{"entries":{}}'],
  ['is of another layer', (text: string) => text.replaceAll(/sha256:./g, 'sha256:_')],
])('ignores and rewrites a file that %s', async (_, damage) => {
  const cache = fileLayerCache(directory)
  const fresh = await readImage(streamOf(archive), { cache })
  const names = await readdir(directory)
  const [path] = names.map((name) => join(directory, name)) as [string]
  const text = await readFile(path, 'utf8')
  await writeFile(path, damage(text))

  expect(await readImage(streamOf(archive), { cache })).toEqual(fresh)
  expect(await readFile(path, 'utf8')).toBe(text)
  expect(await readdir(directory)).toEqual(names)
})

it('leaves nothing half-written when it cannot write', async () => {
  await writeFile(directory, 'a file is in the way')
  await expect(readImage(streamOf(archive), { cache: fileLayerCache(directory) })).rejects.toThrow(
    /EEXIST|ENOTDIR/,
  )
})

it('serves several readers of one image at a time', async () => {
  const cache = fileLayerCache(directory)
  const images = await Promise.all([1, 2, 3].map(() => readImage(streamOf(archive), { cache })))
  expect(images[1]).toEqual(images[0])
  expect(images[2]).toEqual(images[0])
  expect(await readdir(directory)).toHaveLength(2)
})
