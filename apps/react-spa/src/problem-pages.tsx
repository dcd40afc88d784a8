import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { isRouteErrorResponse, useLocation, useRouteError } from 'react-router'
import { ConfigContext, loadConfig } from './config.ts'
import styles from './layout.module.css'
import { AppLink, Button } from './ui/buttons.tsx'
import { ProblemPanel } from './ui/problems.tsx'
import { PageHeader } from './ui/text.tsx'

/** Shows its children once `/config.json` has said where the APIs are. */
export function ConfigGate({ children }: { children: ReactNode }) {
  const { data, failureReason } = useQuery({ queryKey: ['config'], queryFn: loadConfig })
  if (data) return <ConfigContext value={data}>{children}</ConfigContext>
  if (!failureReason) return null
  return (
    <main className={styles.alone}>
      <ProblemPanel headingLevel={1} title="The page cannot find its APIs">
        <p>{failureReason.message} The web server makes this file from its environment when it starts.</p>
        <p>This page keeps trying.</p>
      </ProblemPanel>
    </main>
  )
}

/** What is shown when a page throws, or its code cannot be loaded: the server is out, or has a newer build. */
export function CrashPage() {
  const error = useRouteError()
  const message = isRouteErrorResponse(error) ? error.statusText : error instanceof Error ? error.message : ''
  return (
    <>
      <PageHeader title="Something broke" />
      <ProblemPanel title="This page could not be shown">
        {message && <p>{message}</p>}
        <p>Nothing is lost. Load the page again; if it breaks again, the web server may be out.</p>
        <Button onClick={() => location.reload()}>Load again</Button>
      </ProblemPanel>
    </>
  )
}

export function NotFoundPage() {
  const { pathname } = useLocation()
  return (
    <>
      <PageHeader title="Not found" lead={`There is no page at ${pathname}.`} />
      <p>
        <AppLink to="/">Compare the images</AppLink>
      </p>
    </>
  )
}
