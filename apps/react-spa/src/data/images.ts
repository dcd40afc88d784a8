import type { Failure, ImageName, ImageReport, Report } from '@stagecraft/report/schema'
import { counted } from './format.ts'

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

/** A test for texts that hold every word of `wanted`, in any case and order. */
export function holdsWords(wanted: string): (text: string) => boolean {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean)
  return (text) => {
    const lower = text.toLowerCase()
    return words.every((word) => lower.includes(word))
  }
}

/** The planned images that have neither figures nor failed, in their order. */
export function unmeasured({ planned = [], images, failures = [] }: Report): ImageName[] {
  const over = new Set([...images, ...failures].map(imageName))
  return planned.filter((image) => !over.has(imageName(image)))
}

/** The images whose figures are still to come. */
export function imagesToCome(report: Report): ImageName[] {
  return report.state === 'running' ? unmeasured(report) : []
}

/** "7 of 28 images measured, 1 failed"; without a plan, how many so far. */
export function progressWords({ planned = [], images, failures = [] }: Report): string {
  const total = counted(planned.length || images.length, 'image')
  const measured = planned.length > 0 ? `${images.length} of ${total} measured` : `${total} measured`
  return failures.length > 0 ? `${measured}, ${failures.length} failed` : measured
}

const stepWords: Record<Failure['step'], string> = {
  base: 'has no base image to build on',
  build: 'could not be built',
  read: 'could not be read',
  start: 'did not start',
}

/** "express-api:prod could not be built". */
export function failureWords(failure: Failure): string {
  return `${imageName(failure)} ${stepWords[failure.step]}`
}

/** What it means that figures of `images` were measured on stand-ins, and on which; undefined when none was. */
export function standInSentence(images: readonly ImageReport[]): string | undefined {
  const bases = new Set(images.filter(({ base }) => base.standIn).map(({ base }) => base.name))
  if (bases.size === 0) return undefined
  const which = bases.size === 1 ? 'this base was' : 'these bases were'
  return (
    `Measured on a stand-in: ${which} built locally because the official one was out of reach, ` +
    `so sizes, packages and times can differ from it: ${[...bases].join(', ')}.`
  )
}
