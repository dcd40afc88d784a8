import { Link, type LinkProps } from 'react-router'
import { useReportSearch } from '../data/report-param.ts'

/** A link inside the app that keeps the chosen report; `query` is set beside it. */
export function AppLink({
  to,
  query,
  ...props
}: Omit<LinkProps, 'to'> & { to: string; query?: Record<string, string> }) {
  return <Link {...props} to={{ pathname: to, search: useReportSearch(query) }} />
}
