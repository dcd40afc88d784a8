import type { Report } from '@stagecraft/report/schema'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useConfig } from '../data/config-context.ts'
import { counted, dateTime, shortRevision } from '../data/format.ts'
import { reportsQuery } from '../data/queries.ts'
import { useReport } from '../data/use-report.ts'
import { LatestReportLink } from '../ui/latest-report-link.tsx'
import styles from './report-bar.module.css'
import { ReportPicker } from './report-picker.tsx'

/** Which report the page shows, where it was made, and the way to another. */
export function ReportBar() {
  const state = useReport()
  const list = useInfiniteQuery(reportsQuery(useConfig()))
  const reports = list.data?.pages.flatMap(({ items }) => items) ?? []
  const shown = state.status === 'ready' ? state : undefined
  const older = shown !== undefined && reports[0] !== undefined && shown.id !== reports[0].id
  return (
    <div className={styles.bar}>
      <ReportPicker
        name={shown ? `Report ${shown.id}, ${dateTime(shown.report.createdAt)}` : 'Reports'}
        current={shown?.id}
        reports={reports}
        more={list.hasNextPage ? () => list.fetchNextPage() : undefined}
      />
      {older && (
        <span>
          Not the latest. <LatestReportLink />
        </span>
      )}
      {shown && <Where {...shown.report} />}
    </div>
  )
}

function Where({ revision, host }: Report) {
  const where = `Docker Engine ${host.engine}, ${host.architecture}, ${counted(host.cpus, 'CPU')}`
  return (
    <p className={styles.where}>
      <span title={revision}>Revision {shortRevision(revision)}</span>
      <span title={where}>{where}</span>
    </p>
  )
}
