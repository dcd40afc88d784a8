import type { Summary } from '@stagecraft/report/api'
import type { Report } from '@stagecraft/report/schema'
import { useInfiniteQuery } from '@tanstack/react-query'
import { type MouseEvent, useId } from 'react'
import { Link } from 'react-router'
import { useConfig } from './config.ts'
import { useSearchWithReport } from './data/address.ts'
import { counted, dateTime, shortRevision } from './data/format.ts'
import { reportsQuery } from './data/reports.ts'
import { useReport } from './data/use-report.ts'
import styles from './layout.module.css'
import { Button, LatestReportLink } from './ui/buttons.tsx'
import { Chevron } from './ui/fields.tsx'
import ui from './ui/ui.module.css'

/** Which report the page shows, where it was made, and the way to another. */
export function ReportBar() {
  const state = useReport()
  const list = useInfiniteQuery(reportsQuery(useConfig()))
  const reports = list.data?.pages.flatMap(({ items }) => items) ?? []
  const shown = state.status === 'ready' ? state : undefined
  const older = shown !== undefined && reports[0] !== undefined && shown.id !== reports[0].id
  return (
    <div className={styles.reportBar}>
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

/** Chooses the report, the newest first. `name` is on its button; `more` loads older ones, undefined when all are there. */
function ReportPicker(props: {
  name: string
  current: number | undefined
  reports: Summary[]
  more: (() => void) | undefined
}) {
  const { name, current, reports, more } = props
  const id = useId()
  return (
    <div className={styles.picker}>
      <Button popoverTarget={id} disabled={reports.length === 0}>
        {name}
        <Chevron />
      </Button>
      <div id={id} className={`${ui.popup} ${styles.reports}`} popover="auto">
        <ul className={styles.list} aria-label="Reports">
          {reports.map((report, index) => (
            <li key={report.id}>
              <ReportLink report={report} latest={index === 0} current={report.id === current} />
            </li>
          ))}
        </ul>
        {more && <Button onClick={more}>Older reports</Button>}
      </div>
    </div>
  )
}

const stateWords: Record<Summary['state'], string> = {
  running: ', running',
  interrupted: ', interrupted',
  done: '',
}

function closePopover({ currentTarget }: MouseEvent): void {
  currentTarget.closest<HTMLElement>('[popover]')?.hidePopover()
}

function ReportLink({ report, latest, current }: { report: Summary; latest: boolean; current: boolean }) {
  const search = useSearchWithReport(latest ? undefined : report.id)
  return (
    <Link
      className={styles.link}
      to={{ search }}
      aria-current={current ? 'true' : undefined}
      onClick={closePopover}
    >
      <span className={styles.date}>
        {dateTime(report.createdAt)}
        {latest && ', the latest'}
        {stateWords[report.state]}
      </span>
      <span className={styles.detail}>
        Report {report.id}, revision {shortRevision(report.revision)}, {counted(report.images, 'image')}
      </span>
    </Link>
  )
}
