import type { ImageName, ImageReport } from '@stagecraft/report/schema'
import { type CSSProperties, memo, type PointerEvent, type ReactNode, useMemo, useState } from 'react'
import { megabytes, size } from '../data/format.ts'
import { bytesOf, groupByApp, imageName, imagePath, type SizeKind } from '../data/images.ts'
import { instruction, layerBytes, type Origin, reduction, type Segment, segments } from '../data/sizes.ts'
import { AppLink } from '../ui/buttons.tsx'
import { StandInMark } from '../ui/tables.tsx'
import { VisuallyHidden } from '../ui/text.tsx'
import ui from '../ui/ui.module.css'
import { useFirst } from '../ui/use-first.tsx'
import styles from './compare.module.css'

const words: Record<SizeKind, { head: string; caption: string }> = {
  pull: { head: 'Pull MB', caption: 'Compressed size of each image, layer by layer' },
  disk: { head: 'Disk MB', caption: 'Unpacked size of each image, layer by layer' },
}

/**
 * A bar for each image of `shown`, all on one scale, and a place for each of `toCome`; `images` are those they are compared with.
 */
export const SizeBars = memo(function SizeBars(props: {
  shown: ImageReport[]
  toCome: ImageName[]
  images: readonly ImageReport[]
  kind: SizeKind
}) {
  const { shown, toCome, images, kind } = props
  const scale = useMemo(() => Math.max(1, ...shown.map((image) => layerBytes(image, kind))), [shown, kind])
  const [first, showAll] = useFirst<ImageReport | ImageName>([...shown, ...toCome], 100, 'images')
  return (
    <>
      <figure className={styles.figure}>
        <LayerTooltip images={shown} kind={kind}>
          <table className={`${ui.table} ${styles.sizes}`}>
            <caption>
              <VisuallyHidden>{words[kind].caption}</VisuallyHidden>
            </caption>
            <thead>
              <tr>
                <th className={styles.sizesName} scope="col">
                  Image
                </th>
                <th scope="col">
                  <LayerLegend images={shown} />
                </th>
                <th className={`${ui.number} ${styles.bytes}`} scope="col">
                  {words[kind].head}
                </th>
                <th className={`${ui.number} ${styles.reduction}`} scope="col">
                  Against single
                </th>
              </tr>
            </thead>
            {groupByApp(first).map(([app, group]) => (
              <tbody key={app}>
                <tr>
                  <th className={styles.app} scope="rowgroup" colSpan={4} title={app}>
                    {app}
                  </th>
                </tr>
                {group.map((image) => (
                  <tr key={image.variant}>
                    <th className={styles.sizesName} scope="row">
                      <AppLink to={imagePath(image)} title={imageName(image)} aria-label={imageName(image)}>
                        {image.variant}
                      </AppLink>
                      {'base' in image && <StandInMark standIn={image.base.standIn} />}
                    </th>
                    {'size' in image ? (
                      <>
                        <td>
                          <LayerBar image={image} kind={kind} scale={scale} />
                        </td>
                        <td className={ui.number}>{megabytes(bytesOf(image.size, kind))}</td>
                        <td className={`${ui.number} ${styles.soft}`}>{reduction(image, images, kind)}</td>
                      </>
                    ) : (
                      <td className={styles.soft} colSpan={3}>
                        Still to come
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            ))}
          </table>
        </LayerTooltip>
      </figure>
      {showAll}
    </>
  )
})

/** What the colours of the layers' bars mean. */
function LayerLegend({ images }: { images: readonly ImageReport[] }) {
  const told = images.some(({ base }) => base.layers !== undefined)
  return (
    <span className={styles.legend}>
      {told && <span className={styles.baseKey}>Base image</span>}
      <span className={styles.ownKey}>{told ? 'Own layers' : 'Layers'}</span>
    </span>
  )
}

// Of the whole scale: thinner pieces would not be seen, or nothing but the lines between them.
const leastShare = 0.01
const leastShareWithLine = 0.03

/** An image as a bar, a piece for each layer; `scale` is how many bytes its whole width stands for. */
function LayerBar(props: { image: ImageReport; kind: SizeKind; scale: number }) {
  const { image, kind, scale } = props
  const pieces = segments(image, kind, scale * leastShare)
  return (
    <div className={styles.layers} role="img" aria-label={describe(pieces)} data-image={imageName(image)}>
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

type Target = { image: ImageReport; first: number; last: number; place: DOMRect }

/**
 * Says which layer is under the pointer in the bars inside it. One for all bars, since there can be ten thousand pieces. Each
 * image's own page says the same as a table.
 */
function LayerTooltip(props: { images: readonly ImageReport[]; kind: SizeKind; children: ReactNode }) {
  const { images, kind, children } = props
  const [target, setTarget] = useState<Target>()
  const follow = (event: PointerEvent): void => {
    setTarget(event.pointerType === 'touch' ? undefined : findTarget(event.target, images))
  }
  return (
    <div onPointerOver={follow} onPointerLeave={() => setTarget(undefined)}>
      {children}
      {target && <Bubble {...target} kind={kind} />}
    </div>
  )
}

function findTarget(element: EventTarget, images: readonly ImageReport[]): Target | undefined {
  if (!(element instanceof HTMLElement)) return undefined
  const { first, last } = element.dataset
  const name = element.closest<HTMLElement>('[data-image]')?.dataset.image
  const image = images.find((each) => imageName(each) === name)
  if (!image || first === undefined) return undefined
  return { image, first: Number(first), last: Number(last), place: element.getBoundingClientRect() }
}

function Bubble({ image, first, last, kind, place }: Target & { kind: SizeKind }) {
  const layers = image.layers.slice(first, last + 1)
  const bytes = layers.reduce((sum, layer) => sum + bytesOf(layer, kind), 0)
  const [largest] = layers.toSorted((one, other) => bytesOf(other, kind) - bytesOf(one, kind))
  const which = layers.length === 1 ? `Layer ${first + 1}` : `Layers ${first + 1} to ${last + 1}`
  const below = place.bottom < window.innerHeight * 0.75
  const style: Record<string, string> = {
    '--middle': `${place.left + place.width / 2}px`,
    ...(below ? { top: `${place.bottom}px` } : { bottom: `${window.innerHeight - place.top}px` }),
  }
  return (
    <div className={`${ui.popup} ${styles.bubble}`} style={style as CSSProperties}>
      <p className={styles.which}>
        {imageName(image)}: {which} of {image.layers.length}, {size(bytes)}
      </p>
      <p className={styles.instruction}>
        {layers.length > 1 && 'Mostly '}
        <code>{(largest && instruction(largest)) ?? 'not recorded'}</code>
      </p>
    </div>
  )
}
