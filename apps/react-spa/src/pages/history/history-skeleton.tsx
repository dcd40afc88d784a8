import { Skeleton } from '../../ui/skeleton.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import charts from './charts.module.css'
import styles from './history-skeleton.module.css'

/** As large as the charts and the head of the table. */
export function HistorySkeleton() {
  return (
    <div className={styles.skeleton}>
      <p role="status">
        <VisuallyHidden>Loading the measurements</VisuallyHidden>
      </p>
      <div className={charts.charts}>
        <Skeleton height="18rem" />
        <Skeleton height="18rem" />
      </div>
      <Skeleton height="16rem" />
    </div>
  )
}
