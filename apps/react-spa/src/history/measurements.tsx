import type { Measurement } from '@stagecraft/report/api'
import type { ImageName } from '@stagecraft/report/schema'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useConfig } from '../config.ts'
import { dateTime, megabytes, milliseconds } from '../data/format.ts'
import { historyPath, imageName, imagePath, imagesToCome } from '../data/images.ts'
import { historyQuery } from '../data/reports.ts'
import { useReport } from '../data/use-report.ts'
import { AppLink, Button } from '../ui/buttons.tsx'
import { NoReportPanel, ProblemPanel, ReportProblemPanel } from '../ui/problems.tsx'
import { ImageLinks, StandInMark, TableScroll } from '../ui/tables.tsx'
import { PageSkeleton, Section } from '../ui/text.tsx'
import ui from '../ui/ui.module.css'
import { Chart } from './chart.tsx'
import type { Moment, Series } from './course.ts'
import styles from './history.module.css'

// Loaded without asking; older ones on demand.
const enough = 500

/** The measurements of an image: as charts, and as a table. */
export function Measurements({ image }: { image: ImageName }) {
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
    if (!failureReason) return <PageSkeleton />
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

/** An image that no report has measured: it is still to come, its name is wrong, or there is no report at all. */
function NoMeasurements({ image }: { image: ImageName }) {
  const state = useReport()
  if (state.status === 'empty') return <NoReportPanel />
  const name = imageName(image)
  const report = state.status === 'ready' ? state.report : undefined
  if (report && imagesToCome(report).some((each) => imageName(each) === name))
    return (
      <ProblemPanel tone="notice" title={`${name} is still to come`}>
        <p>No report has measured it yet. This page shows its figures as soon as they are measured.</p>
      </ProblemPanel>
    )
  return (
    <ProblemPanel title={`No report has measured ${name}`}>
      {report && report.images.length > 0 && (
        <>
          <p>These images are in the report of this page:</p>
          <ImageLinks images={report.images} pathOf={historyPath} />
        </>
      )}
    </ProblemPanel>
  )
}

type Point = Measurement & Moment

const sizes: Series<Point>[] = [
  { name: 'Disk', measure: ({ unpackedBytes }) => unpackedBytes / 1e6, tone: 'neutral' },
  { name: 'Pull', measure: ({ compressedBytes }) => compressedBytes / 1e6, tone: 'accent' },
]
const starts: Series<Point>[] = [
  { name: 'Ready', measure: ({ startToReadyMs }) => startToReadyMs, tone: 'accent' },
]

/** `measurements` of one image, the oldest first. */
function Charts({ measurements }: { measurements: Measurement[] }) {
  const points = measurements.map((each) => ({ ...each, hollow: each.standIn }))
  return (
    <div className={styles.charts}>
      <Section title="Size, MB">
        <Chart
          points={points}
          series={sizes}
          unit="MB"
          format={(value) => megabytes(value * 1e6)}
          // A size holds until the next report.
          stepped
        />
      </Section>
      <Section title="Start to ready, ms">
        <Chart points={points} series={starts} unit="ms" format={milliseconds} />
      </Section>
    </div>
  )
}

/** What the charts show, the newest first. Each report leads to the image as it was. */
function MeasurementsTable(props: { image: ImageName; measurements: Measurement[] }) {
  const { image, measurements } = props
  return (
    <TableScroll label="Measurements, table">
      <table className={ui.table}>
        <thead>
          <tr>
            <th scope="col">Report</th>
            <th className={ui.number} scope="col">
              Pull MB
            </th>
            <th className={ui.number} scope="col">
              Disk MB
            </th>
            <th className={ui.number} scope="col">
              Ready ms
            </th>
          </tr>
        </thead>
        <tbody>
          {measurements.map(({ id, createdAt, compressedBytes, unpackedBytes, startToReadyMs, standIn }) => (
            <tr key={id}>
              <th scope="row">
                <AppLink to={imagePath(image)} query={{ report: String(id) }}>
                  {dateTime(createdAt)}
                </AppLink>
                <StandInMark standIn={standIn} />
              </th>
              <td className={ui.number}>{megabytes(compressedBytes)}</td>
              <td className={ui.number}>{megabytes(unpackedBytes)}</td>
              <td className={ui.number}>{milliseconds(startToReadyMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  )
}
