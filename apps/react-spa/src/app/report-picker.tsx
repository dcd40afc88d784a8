import type { Summary } from '@stagecraft/report/api'
import { type MouseEvent, useId } from 'react'
import { Link } from 'react-router'
import { counted, dateTime, shortRevision } from '../data/format.ts'
import { useSearchWithReport } from '../data/report-param.ts'
import { Button } from '../ui/button.tsx'
import { Chevron } from '../ui/chevron.tsx'
import popup from '../ui/popup.module.css'
import styles from './report-picker.module.css'

/** Chooses the report, the newest first. `name` is on its button; `more` loads older ones, undefined when all are there. */
export function ReportPicker(props: {
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
      <div id={id} className={`${popup.popup} ${styles.reports}`} popover="auto">
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
