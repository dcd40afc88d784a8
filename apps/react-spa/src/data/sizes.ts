import type { ImageReport, LayerReport } from '@stagecraft/report/schema'
import { times } from './format.ts'
import { bytesOf, type SizeKind, singleOf } from './images.ts'

/** How an image compares with its app's `single`: "6.9× smaller". Undefined for `single` itself and without one. */
export function reduction(
  image: ImageReport,
  images: readonly ImageReport[],
  kind: SizeKind,
): string | undefined {
  const single = singleOf(images, image.app)
  if (!single || single === image) return undefined
  const before = bytesOf(single.size, kind)
  const after = bytesOf(image.size, kind)
  if (before === after) return 'same size'
  if (before === 0 || after === 0) return undefined
  return after < before ? `${times(before / after)}× smaller` : `${times(after / before)}× larger`
}

/**
 * The comparison in one sentence: "To pull, prod is 6.9 to 7.0 times smaller than single, distroless 9.9 to 10.1."
 * Undefined when no app has both a `single` and a smaller image of those that are meant for production.
 */
export function headline(images: readonly ImageReport[], kind: SizeKind): string | undefined {
  const parts = ['prod', 'distroless', 'scratch'].flatMap((variant) => {
    const ratios = images.flatMap((image) => {
      const single = singleOf(images, image.app)
      const bytes = bytesOf(image.size, kind)
      return image.variant === variant && single && bytes > 0 ? bytesOf(single.size, kind) / bytes : []
    })
    const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map(times)
    if (ratios.length === 0 || Math.min(...ratios) <= 1) return []
    return { variant, range: least === most ? least : `${least} to ${most}` }
  })
  const [first, ...others] = parts
  if (!first) return undefined
  const start = kind === 'pull' ? 'To pull' : 'On disk'
  return `${start}, ${first.variant} is ${first.range} times smaller than single${others.map(({ variant, range }) => `, ${variant} ${range}`).join('')}.`
}

/** Where a layer comes from; `unknown` in a report that does not say. */
export type Origin = 'base' | 'own' | 'unknown'

export function originOf(image: ImageReport, index: number): Origin {
  const { layers } = image.base
  if (layers === undefined) return 'unknown'
  return index < layers ? 'base' : 'own'
}

/** Bytes of all layers together. */
export function layerBytes({ layers }: ImageReport, kind: SizeKind): number {
  return layers.reduce((sum, layer) => sum + bytesOf(layer, kind), 0)
}

/** A piece of a stacked bar: a layer, or several thin ones of one origin. Positions count from 0. */
export type Segment = { origin: Origin; first: number; last: number; bytes: number }

/**
 * The pieces of one image's bar, in the order of its layers. A layer of fewer than `least` bytes shares a piece with what
 * is below it or above it; an empty one is in none.
 */
export function segments(image: ImageReport, kind: SizeKind, least: number): Segment[] {
  const pieces: Segment[] = []
  for (const [index, layer] of image.layers.entries()) {
    const bytes = bytesOf(layer, kind)
    if (bytes === 0) continue
    const origin = originOf(image, index)
    const below = pieces.at(-1)
    if (below?.origin === origin && Math.min(bytes, below.bytes) < least) {
      below.last = index
      below.bytes += bytes
    } else pieces.push({ origin, first: index, last: index, bytes })
  }
  return pieces
}

/** The instruction that made a layer, without what the builders write around it; undefined where the history has none. */
export function instruction({ createdBy = '' }: LayerReport): string | undefined {
  const text = createdBy
    .replace(/\s*# buildkit\s*$/, '')
    // BuildKit writes the build arguments that a RUN saw before its command.
    .replace(/^RUN \|\d+ .*?(?=\/bin\/sh -c )/s, 'RUN ')
    .replace(/^(RUN )?\/bin\/sh -c (#\(nop\) )?/, (_match, _run, nop) => (nop ? '' : 'RUN '))
    .trim()
  return text || undefined
}
