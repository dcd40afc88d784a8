import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readLocalImage } from '@stagecraft/engine'
import { buildFixtureImages, type FixtureImages } from '@stagecraft/engine/test/fixture-images'
import { afterAll, beforeAll, expect, it } from 'vitest'

let directory: string
let images: FixtureImages
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'engine-'))
  images = await buildFixtureImages(join(import.meta.dirname, 'fixture'), {
    one: 'FROM scratch\nCOPY server.mjs /\n',
    other: 'FROM scratch\nCOPY health.mjs /\n',
  })
})
afterAll(async () => {
  await images[Symbol.asyncDispose]()
  await rm(directory, { recursive: true })
})

it('analyses an image once and remembers it', async () => {
  const image = await readLocalImage(images.reference('one'), directory)
  expect(image.layers[0]?.entries).toEqual([expect.objectContaining({ path: '/server.mjs' })])

  const [file] = (await readdir(directory)).filter((name) => name.startsWith('image-'))
  const path = join(directory, file ?? '')
  await writeFile(path, (await readFile(path, 'utf8')).replaceAll('/server.mjs', '/remembered'))
  const again = await readLocalImage(images.reference('one'), directory)
  expect(again.layers[0]?.entries).toEqual([expect.objectContaining({ path: '/remembered' })])

  const other = await readLocalImage(images.reference('other'), directory)
  expect(other.layers[0]?.entries).toEqual([expect.objectContaining({ path: '/health.mjs' })])
})
