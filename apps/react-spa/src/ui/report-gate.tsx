import type { Report } from '@stagecraft/report/schema'
import type { ReactNode } from 'react'
import { type ReportState, useReport } from '../data/use-report.ts'
import { LatestReportLink } from './latest-report-link.tsx'
import { NoReportPanel } from './no-report-panel.tsx'
import { ProblemPanel } from './problem-panel.tsx'
import { ReportProblemPanel } from './report-problem-panel.tsx'

/**
 * Shows the chosen report. Until it is there, `skeleton`, which is told how many images there will be where that is known;
 * when there is none, `header` and what to do about it.
 */
export function ReportGate(props: {
  header: ReactNode
  skeleton: (images: number | undefined) => ReactNode
  children: (report: Report, id: number, changedAt: number) => ReactNode
}) {
  const state = useReport()
  if (state.status === 'ready') return props.children(state.report, state.id, state.changedAt)
  if (state.status === 'loading') return props.skeleton(state.images)
  return (
    <>
      {props.header}
      <WhyNoReport state={state} />
    </>
  )
}

function WhyNoReport({ state }: { state: Exclude<ReportState, { status: 'ready' | 'loading' }> }) {
  switch (state.status) {
    case 'empty':
      return <NoReportPanel />
    case 'missing':
      return (
        <ProblemPanel title={`There is no report ${state.id}`}>
          <p>The address asks for a report that this server does not have.</p>
          <LatestReportLink />
        </ProblemPanel>
      )
    case 'failed':
      return <ReportProblemPanel error={state.error} retrying={state.retrying} id={state.id} />
  }
}
