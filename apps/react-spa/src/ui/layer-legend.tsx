import type { ImageReport } from '@stagecraft/report/schema'
import styles from './layer-legend.module.css'

/** What the colours of the layers' bars mean. */
export function LayerLegend({ images }: { images: readonly ImageReport[] }) {
  const told = images.some(({ base }) => base.layers !== undefined)
  return (
    <span className={styles.legend}>
      {told && <span className={styles.base}>Base image</span>}
      <span className={styles.own}>{told ? 'Own layers' : 'Layers'}</span>
    </span>
  )
}
