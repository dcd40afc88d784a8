import type { ImageReport, LayerReport } from '@stagecraft/report/schema'
import { bytesOf, type SizeKind } from './images.ts'

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
