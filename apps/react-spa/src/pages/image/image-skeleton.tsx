import { imageName } from '../../data/images.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import styles from './image-skeleton.module.css'

export function ImageSkeleton(image: { app: string; variant: string }) {
  return (
    <>
      <PageHeader title={imageName(image)} lead={<Skeleton width="min(100%, 30rem)" height="1.5em" />} />
      <p role="status">
        <VisuallyHidden>Loading the report</VisuallyHidden>
      </p>
      <div className={styles.blocks}>
        <Skeleton height="12rem" />
        <Skeleton height="24rem" />
      </div>
    </>
  )
}
