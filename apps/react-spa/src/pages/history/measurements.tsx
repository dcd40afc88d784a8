import type { Measurement } from '@stagecraft/report/api'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useConfig } from '../../data/config-context.ts'
import { historyQuery } from '../../data/queries.ts'
import { Button } from '../../ui/button.tsx'
import { ReportProblemPanel } from '../../ui/report-problem-panel.tsx'
import { Section } from '../../ui/section.tsx'
import { Charts } from './charts.tsx'
import { HistorySkeleton } from './history-skeleton.tsx'
import styles from './measurements.module.css'
import { MeasurementsTable } from './measurements-table.tsx'
import { NoMeasurements } from './no-measurements.tsx'

// Loaded without asking; older ones on demand.
const enough = 500

/** The measurements of an image: as charts, and as a table. */
export function Measurements({ image }: { image: { app: string; variant: string } }) {
  const { data, failureReason, isError, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery(
    historyQuery(useConfig(), image),
  )
  const measurements: Measurement[] = data?.pages.flatMap(({ items }) => items) ?? []
  const more = hasNextPage && !isFetching && !isError
  const missing = more && measurements.length < enough
  useEffect(() => {
    if (missing) fetchNextPage()
  }, [missing, fetchNextPage])

  if (!data) {
    if (!failureReason) return <HistorySkeleton />
    return <ReportProblemPanel error={failureReason} retrying={!isError} id={undefined} />
  }
  if (measurements.length === 0) return <NoMeasurements image={image} />
  return (
    <>
      <Charts measurements={measurements.toReversed()} />
      <Section title="Measurements">
        <div className={styles.table}>
          <MeasurementsTable image={image} measurements={measurements} />
        </div>
      </Section>
      {measurements.some(({ standIn }) => standIn) && (
        <p className={styles.note}>
          * and hollow points: measured on a stand-in, a base built locally because the official one was out
          of reach, so sizes and times can differ from it.
        </p>
      )}
      {hasNextPage && !missing && (
        <p className={styles.more}>
          <Button disabled={isFetching} onClick={() => fetchNextPage()}>
            Older measurements
          </Button>
        </p>
      )}
    </>
  )
}
