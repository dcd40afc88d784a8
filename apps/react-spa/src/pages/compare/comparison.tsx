import type { Report } from '@stagecraft/report/schema'
import { useDeferredValue, useMemo } from 'react'
import { counted } from '../../data/format.ts'
import { filterImages } from '../../data/images.ts'
import { headline } from '../../data/reduction.ts'
import { useSizeKind } from '../../data/use-size-kind.ts'
import { Button } from '../../ui/button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Section } from '../../ui/section.tsx'
import { SizeChoice } from '../../ui/size-choice.tsx'
import styles from './comparison.module.css'
import { FigureNotes } from './figure-notes.tsx'
import { Filters } from './filters.tsx'
import { ImagesTable } from './images-table.tsx'
import { SizeBars } from './size-bars.tsx'
import { useFilter } from './use-filter.ts'

/** All images of a report: their sizes as bars, all their figures as a table. */
export function Comparison({ report: { images } }: { report: Report }) {
  const [kind] = useSizeKind()
  const { filter, clear } = useFilter()
  const narrowed = useDeferredValue(filter)
  const shown = useMemo(() => filterImages(images, narrowed), [images, narrowed])
  return (
    <>
      <PageHeader title="Compare" lead={headline(images, kind)} />
      <Filters images={images} />
      <p className={styles.count} role="status">
        {shown.length === images.length
          ? counted(images.length, 'image')
          : `${shown.length} of ${counted(images.length, 'image')}`}
      </p>
      {shown.length > 0 ? (
        <>
          <Section title="Sizes" aside={<SizeChoice />}>
            <SizeBars shown={shown} images={images} kind={kind} />
          </Section>
          <Section title="All figures">
            <ImagesTable images={shown} />
            <FigureNotes images={shown} />
          </Section>
        </>
      ) : (
        <div className={styles.none}>
          <p>No image fits.</p>
          <Button onClick={clear}>Show all images</Button>
        </div>
      )}
    </>
  )
}
