import styles from './skeleton.module.css'
import { VisuallyHidden } from './visually-hidden.tsx'

/** Stands where something will be; sizes are CSS lengths. */
export function Skeleton({ width = '100%', height = '1em' }: { width?: string; height?: string }) {
  return <span className={styles.block} style={{ inlineSize: width, blockSize: height }} aria-hidden="true" />
}

/** A page whose form is not known yet. */
export function PageSkeleton() {
  return (
    <div className={styles.page}>
      <p role="status">
        <VisuallyHidden>Loading</VisuallyHidden>
      </p>
      <Skeleton width="14rem" height="var(--title)" />
      <Skeleton width="min(100%, 30rem)" />
      <Skeleton height="24rem" />
    </div>
  )
}
