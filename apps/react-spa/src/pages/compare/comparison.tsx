import type { Report } from '@stagecraft/report/schema'
import { useDeferredValue, useMemo } from 'react'
import { counted } from '../../data/format.ts'
import { filterImages } from '../../data/images.ts'
import { imagesToCome } from '../../data/progress.ts'
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
import { Progress } from './progress.tsx'
import { SizeBars } from './size-bars.tsx'
import { useFilter } from './use-filter.ts'

/** All images of a report: their sizes as bars, all their figures as a table; and how far it has come. */
export function Comparison({ report, changedAt }: { report: Report; changedAt: number }) {
  const { images } = report
  const [kind] = useSizeKind()
  const { filter, clear } = useFilter()
  const narrowed = useDeferredValue(filter)
  const toCome = useMemo(() => imagesToCome(report), [report])
  const shown = useMemo(() => filterImages(images, narrowed), [images, narrowed])
  const shownToCome = useMemo(() => filterImages(toCome, narrowed), [toCome, narrowed])
  const all = images.length + toCome.length
  const fit = shown.length + shownToCome.length
  return (
    <>
      <PageHeader title="Compare" lead={headline(images, kind)} />
      <Progress report={report} changedAt={changedAt} />
      {all > 0 && (
        <>
          <Filters images={[...images, ...toCome]} />
          <p className={styles.count} role="status">
            {fit === all ? counted(all, 'image') : `${fit} of ${counted(all, 'image')}`}
          </p>
        </>
      )}
      {fit > 0 && (
        <Section title="Sizes" aside={<SizeChoice />}>
          <SizeBars shown={shown} toCome={shownToCome} images={images} kind={kind} />
        </Section>
      )}
      {shown.length > 0 && (
        <Section title="All figures">
          <ImagesTable images={shown} />
          <FigureNotes images={shown} />
        </Section>
      )}
      {all > 0 && fit === 0 && (
        <div className={styles.none}>
          <p>No image fits.</p>
          <Button onClick={clear}>Show all images</Button>
        </div>
      )}
    </>
  )
}
