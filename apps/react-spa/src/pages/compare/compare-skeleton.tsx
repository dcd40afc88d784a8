import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import styles from './compare-skeleton.module.css'
import filters from './filters.module.css'

/** The page before its report, about as large as that many images will be. */
export function CompareSkeleton({ images = 8 }: { images?: number | undefined }) {
  const rows = Math.min(images, 100)
  return (
    <>
      <PageHeader title="Compare" lead={<Skeleton width="min(80vw, 30rem)" height="1.5em" />} />
      <p role="status">
        <VisuallyHidden>Loading the report</VisuallyHidden>
      </p>
      <div className={`${filters.filters} ${styles.filters}`}>
        <Skeleton height="2.25rem" />
        <Skeleton height="2.25rem" />
        <Skeleton height="2.25rem" />
      </div>
      <Section title="Sizes">
        <Skeleton height={`${4 + 2.25 * rows}rem`} />
      </Section>
    </>
  )
}
