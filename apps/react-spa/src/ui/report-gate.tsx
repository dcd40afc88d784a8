import type { Report } from '@stagecraft/report/schema'
import type { ReactNode } from 'react'
import { useReport } from '../data/use-report.ts'
import { LatestReportLink } from './buttons.tsx'
import { NoReportPanel, ProblemPanel, ReportProblemPanel } from './problems.tsx'
import { PageSkeleton } from './text.tsx'

/** Shows the chosen report; until it is there, or when there is none, `header` and why. */
export function ReportGate(props: {
  header: ReactNode
  children: (report: Report, id: number, changedAt: number) => ReactNode
}) {
  const state = useReport()
  if (state.status === 'ready') return props.children(state.report, state.id, state.changedAt)
  return (
    <>
      {props.header}
      {state.status === 'loading' && <PageSkeleton />}
      {state.status === 'empty' && <NoReportPanel />}
      {state.status === 'missing' && (
        <ProblemPanel title={`There is no report ${state.id}`}>
          <p>The address asks for a report that this server does not have.</p>
          <LatestReportLink />
        </ProblemPanel>
      )}
      {state.status === 'failed' && <ReportProblemPanel {...state} />}
    </>
  )
}
