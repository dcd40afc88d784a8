import { join } from 'node:path'
import { loadImageConfig } from '@stagecraft/contract'
import type { ImageReport, Report } from '@stagecraft/report'
import { differ } from './difference/differ.ts'
import { renderDifference } from './difference/render.ts'
import { megabytes } from './units.ts'

/** Compressed bytes of the layers that an image adds to its base; of all its layers where the base is not known. */
function addedBytes({ layers, base }: Pick<ImageReport, 'layers' | 'base'>): number {
  return layers.slice(base.layers ?? 0).reduce((sum, { compressedBytes }) => sum + compressedBytes, 0)
}

/**
 * The images that add more to their base than `budget` in their app's `image.config.ts` allows, each with what has changed
 * since the published report.
 * @param root absolute path of the repository
 */
export async function overBudget(root: string, { images }: Report, published: Report): Promise<string[]> {
  const over: string[] = []
  for (const image of images) {
    const { budget } = await loadImageConfig(join(root, 'apps', image.app))
    const allowed = budget?.[image.variant]
    const added = addedBytes(image)
    if (allowed === undefined || added <= allowed * 1e6) continue
    const name = `${image.app}:${image.variant}`
    const before = published.images.find(({ app, variant }) => app === image.app && variant === image.variant)
    const excess = megabytes(added - allowed * 1e6)
    over.push(
      [
        `${name} adds ${megabytes(added)} MB to its base, compressed: ${excess} more than its budget of ${allowed}.`,
        ...(before
          ? [renderDifference({ from: 'published', to: name, changes: differ(before, image) })]
          : []),
      ].join('\n'),
    )
  }
  return over
}
