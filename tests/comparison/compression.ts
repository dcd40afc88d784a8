import { join } from 'node:path'
import { replaceBlock } from '@stagecraft/compare/block'
import { bakeImages, findImage, productBase, readLocalImages } from '@stagecraft/engine'
import type { Layer } from '@stagecraft/image'
import { execa } from 'execa'
import { markdownTable } from 'markdown-table'

export const root = join(import.meta.dirname, '../..')
export const page = join(root, 'docs/compression.md')
const kinds = ['gzip', 'zstd'] as const

/** What a product adds to its base: its layers by how they were compressed. */
export interface Compressed {
  app: string
  layers: Record<(typeof kinds)[number], Layer[]>
}

/** Builds every prod image with either compression, under names of its own that are gone afterwards. */
export async function measureCompression(): Promise<Compressed[]> {
  const images = (await bakeImages(root)).filter(({ variant }) => variant === 'prod')
  const nameOf = (app: string, kind: string): string => `stagecraft-compression/${app}:${kind}`
  const names = images.flatMap(({ app }) => kinds.map((kind) => nameOf(app, kind)))
  try {
    for (const kind of kinds) {
      const tags = images.map(({ app, target }) => `--set=${target}.tags=${nameOf(app, kind)}`)
      await execa('docker', ['buildx', 'bake', ...tags, ...images.map(({ target }) => target)], {
        cwd: root,
        // Forced: a step that another build exported as gzip would keep that layer with zstd.
        env: {
          BUILDX_BUILDER: 'default',
          COMPRESSION: kind,
          IMAGE_LAYERS: `compression=${kind},force-compression=true`,
        },
      })
    }
    const read = await readLocalImages(names)
    return Promise.all(
      images.map(async (image, index) => {
        const base = await findImage(await productBase(root, image))
        const [gzip, zstd] = read
          .slice(2 * index)
          .map(({ layers }) => layers.slice(base?.RootFS.Layers?.length))
        return { app: image.app, layers: { gzip: gzip ?? [], zstd: zstd ?? [] } }
      }),
    )
  } finally {
    await execa('docker', ['image', 'rm', '--force', ...names], { reject: false })
  }
}

export const compressedBytes = (layers: readonly Layer[]): number =>
  layers.reduce((sum, layer) => sum + layer.compressedBytes, 0)

/** A row for each product: MB that it adds to a pull of its base. */
function renderCompression(rows: readonly Compressed[]): string {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(2)
  return markdownTable(
    [
      ['App', 'gzip MB', 'zstd MB', 'less'],
      ...rows.map(({ app, layers }) => {
        const [gzip, zstd] = [compressedBytes(layers.gzip), compressedBytes(layers.zstd)]
        return [app, megabytes(gzip), megabytes(zstd), `${(100 * (1 - zstd / gzip)).toFixed(0)} %`]
      }),
    ],
    { align: ['l', 'r', 'r', 'r'] },
  )
}

if (import.meta.main) await replaceBlock(page, renderCompression(await measureCompression()))
