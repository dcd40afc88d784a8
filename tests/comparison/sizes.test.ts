import { join } from 'node:path'
import { readPublished } from '@stagecraft/compare/published'
import { selectImages } from '@stagecraft/compare/select-images'
import { bake, findImage, productBase, products, readLocalImages } from '@stagecraft/engine'
import { appBases } from '@stagecraft/engine/test/app-bases'
import { contents, type Image } from '@stagecraft/image'
import { beforeAll, describe, expect, it } from 'vitest'
import { diskPromises } from './promises.ts'

const root = join(import.meta.dirname, '../..')
const images = await selectImages(root, ['all'])
const bases = await appBases(root, images)
const published = await readPublished(root)
const facts = new Map<string, Image>()

const factsOf = (image: string): Image => facts.get(image) as Image

beforeAll(async () => {
  await bake(root, ['all'])
  const names = images.map(({ image }) => image)
  const read = await readLocalImages(names)
  for (const [index, name] of names.entries()) facts.set(name, read[index] as Image)
})

describe('the published report; if it is stale: pnpm compare --publish', () => {
  it('has every image of the bake file, app by app from single to the smallest', () => {
    expect(published.images.map(({ image }) => image)).toEqual(images.map(({ image }) => image))
  })

  it.each(images)('has the sizes of $image', ({ image }) => {
    const shown = published.images.find((each) => each.image === image)?.size
    const { compressedBytes, unpackedBytes } = factsOf(image)
    // Debian's updates move a base by less; a changed Dockerfile moves more.
    for (const [was, is] of [
      [shown?.compressedBytes, compressedBytes],
      [shown?.unpackedBytes, unpackedBytes],
    ] as const)
      expect(Math.abs((was ?? 0) / is - 1), `${was} bytes published, ${is} bytes measured`).toBeLessThan(0.05)
  })
})

describe('on disk', () => {
  it('something is promised of every product', () => {
    const ours = images.filter(({ variant }) => products.includes(variant))
    const promised = ours.filter(({ app, variant }) =>
      diskPromises.some((row) => row.on === bases.get(app) && row.variant === variant),
    )
    expect(promised).toEqual(ours)
  })

  const promises = diskPromises.flatMap((row) =>
    images
      .filter(({ app, variant }) => row.on === bases.get(app) && row.variant === variant)
      .map((bakeImage) => ({ ...row, image: bakeImage.image, bakeImage })),
  )

  it.each(promises)('$image $promise', async ({ bakeImage, isKept }) => {
    const { unpackedBytes: all, layers } = factsOf(bakeImage.image)
    const base = await findImage(await productBase(root, bakeImage))
    const own = layers.slice(base?.RootFS.Layers?.length)
    const added = own.reduce((sum, layer) => sum + layer.unpackedBytes, 0)
    const { unpackedBytes: single } = factsOf(`stagecraft/${bakeImage.app}:single`)
    expect({ all, added, single }).toSatisfy(isKept)
  })
})

it.each(images.filter(({ variant }) => variant !== 'dev'))(
  '$image has compilers if it is single, and else none',
  ({ image, variant }) => {
    const { compilers } = contents(factsOf(image))
    if (variant === 'single') expect(compilers).not.toEqual([])
    else expect(compilers).toEqual([])
  },
)
