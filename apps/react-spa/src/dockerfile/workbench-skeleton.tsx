import { Skeleton } from '../ui/skeleton.tsx'
import { VisuallyHidden } from '../ui/visually-hidden.tsx'
import styles from './workbench.module.css'

export function WorkbenchSkeleton() {
  return (
    <div className={styles.workbench}>
      <p role="status">
        <VisuallyHidden>Loading</VisuallyHidden>
      </p>
      <Skeleton height="3.75rem" />
      <Skeleton height="9rem" />
      <Skeleton height="40rem" />
    </div>
  )
}
