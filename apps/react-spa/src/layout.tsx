import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Link, NavLink, Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router'
import { useConfig } from './config.ts'
import { useReportSearch } from './data/address.ts'
import { ServiceError } from './data/fetch.ts'
import { ago, counted, dateTime } from './data/format.ts'
import { reportsQuery } from './data/reports.ts'
import { useNow, useReport } from './data/use-report.ts'
import styles from './layout.module.css'
import { ReportBar } from './report-bar.tsx'
import { currentTheme, setTheme, type Theme } from './theme.ts'
import { Choice } from './ui/fields.tsx'

const pages = [
  { path: '/', name: 'Compare' },
  { path: '/builds', name: 'Builds' },
  { path: '/dockerfile', name: 'Dockerfile' },
  { path: '/history', name: 'History' },
  { path: '/gallery', name: 'Gallery' },
]

export function Layout() {
  const search = useReportSearch()
  const main = useFocusOnNavigation()
  const loading = useNavigation().state === 'loading'
  return (
    <>
      <a className={styles.skip} href="#main">
        Skip to the content
      </a>
      <header>
        <div className={styles.top}>
          <div className={styles.bar}>
            <Link className={styles.product} to={{ pathname: '/', search }}>
              Stagecraft
            </Link>
            <nav className={styles.nav} aria-label="Pages">
              {pages.map(({ path, name }) => (
                <NavLink
                  key={path}
                  className={`${styles.page}`}
                  to={{ pathname: path, search }}
                  end={path === '/'}
                >
                  {name}
                </NavLink>
              ))}
            </nav>
            <ThemeToggle />
          </div>
        </div>
        <ReportBar />
        <ConnectionBanner />
        <PublishedBanner />
      </header>
      <main className={styles.main} id="main" tabIndex={-1} ref={main} aria-busy={loading}>
        <Outlet />
      </main>
      <ScrollRestoration />
    </>
  )
}

/** A new page begins at its content for those who hear it, as a page load would. */
function useFocusOnNavigation() {
  const { pathname } = useLocation()
  const main = useRef<HTMLElement>(null)
  const shown = useRef(pathname)
  useEffect(() => {
    if (shown.current === pathname) return
    shown.current = pathname
    main.current?.focus({ preventScroll: true })
  }, [pathname])
  return main
}

const options: { value: Theme; text: string }[] = [
  { value: 'system', text: 'System' },
  { value: 'light', text: 'Light' },
  { value: 'dark', text: 'Dark' },
]

function ThemeToggle() {
  const [theme, show] = useState(currentTheme)
  const choose = (value: Theme): void => {
    setTheme(value)
    show(value)
  }
  return <Choice label="Theme" options={options} value={theme} onChange={choose} />
}

const tickMs = 10_000

/** Says that what is shown may be old while no newer reports can be loaded. A page that shows none says more itself. */
function ConnectionBanner() {
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

/** Says that what is shown was measured on another machine, and how to measure on this one. */
function PublishedBanner() {
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
