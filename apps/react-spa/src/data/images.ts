import type { ImageName, ImageReport } from '@stagecraft/report/schema'
import { holdsWords } from './words.ts'

/** Which size is meant: `pull` is compressed, `disk` unpacked. */
export type SizeKind = 'pull' | 'disk'

/** Bytes of an image or of one of its layers. */
export function bytesOf(sized: { compressedBytes: number; unpackedBytes: number }, kind: SizeKind): number {
  return kind === 'pull' ? sized.compressedBytes : sized.unpackedBytes
}

/** "express-api:prod". */
export function imageName({ app, variant }: ImageName): string {
  return `${app}:${variant}`
}

export function imagePath({ app, variant }: ImageName): string {
  return `/images/${encodeURIComponent(app)}/${encodeURIComponent(variant)}`
}

export function historyPath({ app, variant }: ImageName): string {
  return `/history/${encodeURIComponent(app)}/${encodeURIComponent(variant)}`
}

/** The same order of apps as the report's, and of images in each. */
export function groupByApp<Image extends ImageName>(
  images: readonly Image[],
): [app: string, images: Image[]][] {
  return [...Map.groupBy(images, ({ app }) => app)]
}

/** The image that the others of its app are compared with. */
export function singleOf(images: readonly ImageReport[], app: string): ImageReport | undefined {
  return images.find((image) => image.app === app && image.variant === 'single')
}

/** What a reader chose to see. An empty string chooses all. */
export type ImageFilter = { text: string; app: string; variant: string }

/** Images whose name holds every word of the text, in any case. */
export function filterImages<Image extends ImageName>(
  images: readonly Image[],
  filter: ImageFilter,
): Image[] {
  const holds = holdsWords(filter.text)
  return images.filter(
    (image) =>
      (!filter.app || image.app === filter.app) &&
      (!filter.variant || image.variant === filter.variant) &&
      holds(imageName(image)),
  )
}

/** Shells, package managers and compilers. */
export function toolCount({ contents }: ImageReport): number {
  return contents.shells.length + contents.packageManagers.length + contents.compilers.length
}
