import type { ImageReport } from '@stagecraft/report/schema'
import type { CSSProperties } from 'react'
import { size } from '../data/format.ts'
import { imageName, type SizeKind } from '../data/images.ts'
import { type Origin, type Segment, segments } from '../data/layers.ts'
import styles from './layer-bar.module.css'

// Of the whole scale: thinner pieces would not be seen, or nothing but the lines between them.
const leastShare = 0.01
const leastShareWithLine = 0.03

/** An image as a bar, a piece for each layer; `scale` is how many bytes its whole width stands for. */
export function LayerBar(props: { image: ImageReport; kind: SizeKind; scale: number }) {
  const { image, kind, scale } = props
  const pieces = segments(image, kind, scale * leastShare)
  return (
    <div className={styles.bar} role="img" aria-label={describe(pieces)} data-image={imageName(image)}>
      {pieces.map((piece) => (
        <span
          key={piece.first}
          className={styles[piece.origin]}
          style={styleOf(piece, pieces, scale)}
          data-line={piece.bytes > scale * leastShareWithLine || undefined}
          data-first={piece.first}
          data-last={piece.last}
        />
      ))}
    </div>
  )
}

function styleOf(piece: Segment, pieces: Segment[], scale: number): CSSProperties {
  const alike = pieces.filter(({ origin }) => origin === piece.origin)
  // How far up among those of its origin: the stylesheet shades by it.
  const place = alike.length < 2 ? 0 : alike.indexOf(piece) / (alike.length - 1)
  const inlineSize = `${(100 * piece.bytes) / scale}%`
  return { inlineSize, '--place': `${100 * place}%` } as CSSProperties
}

const names: Record<Origin, string> = { base: 'base image', own: 'own layers', unknown: 'layers' }

function describe(pieces: Segment[]): string {
  const parts = (['base', 'own', 'unknown'] as const).flatMap((origin) => {
    const alike = pieces.filter((piece) => piece.origin === origin)
    const bytes = alike.reduce((sum, piece) => sum + piece.bytes, 0)
    return alike.length > 0 ? `${names[origin]} ${size(bytes)}` : []
  })
  return parts.join(', ') || 'nothing'
}
