import { Link } from 'react-router'
import { useSearchWithReport } from '../data/report-param.ts'

export function LatestReportLink() {
  return <Link to={{ search: useSearchWithReport(undefined) }}>Show the latest report</Link>
}
