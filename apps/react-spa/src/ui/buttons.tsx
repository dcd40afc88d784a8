import type { ComponentProps } from 'react'
import { Link, type LinkProps } from 'react-router'
import { useReportSearch, useSearchWithReport } from '../data/address.ts'
import ui from './ui.module.css'

export function Button({ className = '', ...props }: ComponentProps<'button'>) {
  return <button type="button" {...props} className={`${ui.button} ${className}`} />
}

/** A link inside the app that keeps the chosen report; `query` is set beside it. */
export function AppLink({
  to,
  query,
  ...props
}: Omit<LinkProps, 'to'> & { to: string; query?: Record<string, string> }) {
  return <Link {...props} to={{ pathname: to, search: useReportSearch(query) }} />
}

/** A link that looks like a button. */
export function ButtonLink(props: ComponentProps<typeof AppLink>) {
  return <AppLink {...props} className={`${ui.button}`} />
}

export function LatestReportLink() {
  return <Link to={{ search: useSearchWithReport(undefined) }}>Show the latest report</Link>
}
