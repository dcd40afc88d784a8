import { isRouteErrorResponse, useRouteError } from 'react-router'
import { Button } from '../ui/button.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { ProblemPanel } from '../ui/problem-panel.tsx'

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
