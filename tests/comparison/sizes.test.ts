import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { block } from '@stagecraft/compare/block'
import { selectImages } from '@stagecraft/compare/select-images'
import { bake, findImage, readLocalImages } from '@stagecraft/engine'
import { appBases } from '@stagecraft/engine/test/app-bases'
import { contents, type Image } from '@stagecraft/image'
import { beforeAll, describe, expect, it } from 'vitest'
import { diskPromises } from './promises.ts'

const root = join(import.meta.dirname, '../..')
const images = await selectImages(root, ['all'])
const bases = await appBases(root, images)
const rows = await readRows()
const facts = new Map<string, Image>()

/** Names and sizes in MB as the README shows them. */
async function readRows(): Promise<{ name: string; pull: number; disk: number }[]> {
  const path = join(root, 'README.md')
  const megabytes = (cell = '') => Number(cell.replaceAll(',', ''))
  return block(path, await readFile(path, 'utf8'))
    .split('\n')
    .filter((line) => /^\| [a-z-]+:/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, name = '', pull, disk]) => ({
      name: name.replace('\\*', ''),
      pull: megabytes(pull),
      disk: megabytes(disk),
    }))
}

const factsOf = (image: string): Image => facts.get(image) as Image

beforeAll(async () => {
  await bake(root, ['all'])
  const names = images.map(({ image }) => image)
  const read = await readLocalImages(names)
  for (const [index, name] of names.entries()) facts.set(name, read[index] as Image)
})

describe('the table in the README; if it is stale: pnpm compare --update README.md', () => {
  it('has a row for every image of the bake file, app by app from single to distroless', () => {
    expect(rows.map(({ name }) => name)).toEqual(images.map(({ app, variant }) => `${app}:${variant}`))
  })

  it.each(images)('has the sizes of $image', ({ image, app, variant }) => {
    const row = rows.find(({ name }) => name === `${app}:${variant}`)
    const { compressedBytes, unpackedBytes } = factsOf(image)
    // Debian's updates move a base by less; a changed Dockerfile moves more.
    for (const [shown, bytes] of [
      [row?.pull, compressedBytes],
      [row?.disk, unpackedBytes],
    ] as const)
      expect(
        Math.abs(((shown ?? 0) * 1e6) / bytes - 1),
        `${shown} MB shown, ${bytes} bytes measured`,
      ).toBeLessThan(0.05)
  })
})

describe('on disk', () => {
  it('something is promised of every prod and distroless', () => {
    const products = images.filter(({ variant }) => variant === 'prod' || variant === 'distroless')
    const promised = products.filter(({ app, variant }) =>
      diskPromises.some((row) => row.on === bases.get(app) && row.variant === variant),
    )
    expect(promised).toEqual(products)
  })

  const promises = diskPromises.flatMap((row) =>
    images
      .filter(({ app, variant }) => row.on === bases.get(app) && row.variant === variant)
      .map(({ app, image }) => ({ ...row, app, image })),
  )

  it.each(promises)('$image $promise', async ({ app, image, isKept }) => {
    const { unpackedBytes: all, layers, config } = factsOf(image)
    const base = await findImage(config.labels['org.opencontainers.image.base.name'] ?? '')
    const own = layers.slice(base?.RootFS.Layers?.length)
    const added = own.reduce((sum, layer) => sum + layer.unpackedBytes, 0)
    const { unpackedBytes: single } = factsOf(`stagecraft/${app}:single`)
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
