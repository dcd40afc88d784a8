import { useEffect, useRef } from 'react'
import { Link, NavLink, Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router'
import { useReportSearch } from '../data/report-param.ts'
import { ConnectionBanner } from './connection-banner.tsx'
import styles from './layout.module.css'
import { PublishedBanner } from './published-banner.tsx'
import { ReportBar } from './report-bar.tsx'
import { ThemeToggle } from './theme-toggle.tsx'

const pages = [
  { path: '/', name: 'Compare' },
  { path: '/dockerfile', name: 'Dockerfile' },
  { path: '/history', name: 'History' },
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
