import { counted, dateTime } from '../data/format.ts'
import { useReport } from '../data/use-report.ts'
import styles from './banner.module.css'

/** Says that what is shown was measured on another machine, and how to measure on this one. */
export function PublishedBanner() {
  const state = useReport()
  if (state.status !== 'ready' || !state.report.published) return null
  const { createdAt, host } = state.report
  return (
    <div className={styles.banner}>
      <p>
        These are not this machine's figures: they were measured on {dateTime(createdAt)} with Docker Engine{' '}
        {host.engine}, {host.architecture}, {counted(host.cpus, 'CPU')}, and published with the repository.
        Where a Docker Engine runs, <code>npm start</code> measures here.
      </p>
    </div>
  )
}
