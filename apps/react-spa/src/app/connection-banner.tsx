import { useInfiniteQuery } from '@tanstack/react-query'
import { useConfig } from '../data/config-context.ts'
import { ago } from '../data/format.ts'
import { reportsQuery } from '../data/queries.ts'
import { ServiceError } from '../data/service-error.ts'
import { useNow } from '../data/use-now.ts'
import { useReport } from '../data/use-report.ts'
import styles from './banner.module.css'

const tickMs = 10_000

/** Says that what is shown may be old while no newer reports can be loaded. A page that shows none says more itself. */
export function ConnectionBanner() {
  const { failureReason, dataUpdatedAt } = useInfiniteQuery(reportsQuery(useConfig()))
  const { status } = useReport()
  if (!failureReason || status !== 'ready') return null
  const what =
    failureReason instanceof ServiceError ? failureReason.message : 'The list of reports cannot be loaded.'
  return (
    <div className={styles.banner} role="status">
      <p>
        {what} What you see is from {dataUpdatedAt ? <Age since={dataUpdatedAt} /> : 'before'}; this page
        keeps trying.
      </p>
    </div>
  )
}

function Age({ since }: { since: number }) {
  return ago(useNow(tickMs) - since)
}
