import { posix } from 'node:path'
import type { BakeImage } from '../src/bake.ts'
import { productBase } from '../src/base-images.ts'
import type { Variant } from '../src/variants.ts'

/**
 * The name of the image that each app's prod is built on, as `nginx`, by app; of that which single is built on, where
 * prod is on distroless, which tells nothing of the language.
 */
export async function appBases(root: string, images: readonly BakeImage[]): Promise<Map<string, string>> {
  const of = (wanted: Variant) => images.filter(({ variant }) => variant === wanted)
  const found = await Promise.all(
    [...of('single'), ...of('prod')].map(async (image) => {
      const base = await productBase(root, image)
      return [
        image.app,
        base.includes('distroless') ? 'scratch' : posix.basename(base).replace(/[:@].*/, ''),
      ] as const
    }),
  )
  return new Map(found.filter(([, base]) => base !== 'scratch'))
}
