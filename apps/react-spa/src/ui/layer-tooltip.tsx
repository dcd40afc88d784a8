import type { ImageReport } from '@stagecraft/report/schema'
import { type CSSProperties, type PointerEvent, type ReactNode, useState } from 'react'
import { size } from '../data/format.ts'
import { bytesOf, imageName, type SizeKind } from '../data/images.ts'
import { instruction } from '../data/layers.ts'
import styles from './layer-tooltip.module.css'
import popup from './popup.module.css'

type Target = { image: ImageReport; first: number; last: number; place: DOMRect }

/**
 * Says which layer is under the pointer in the bars inside it. One for all bars, since there can be ten thousand pieces. Each
 * image's own page says the same as a table.
 */
export function LayerTooltip(props: { images: readonly ImageReport[]; kind: SizeKind; children: ReactNode }) {
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
    <div className={`${popup.popup} ${styles.bubble}`} style={style as CSSProperties}>
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
