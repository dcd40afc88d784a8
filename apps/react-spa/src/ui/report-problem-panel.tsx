import { ReportError, type ReportFault } from '../data/report-error.ts'
import { ServiceError } from '../data/service-error.ts'
import { Command } from './code-block.tsx'
import { LatestReportLink } from './latest-report-link.tsx'
import { ProblemPanel } from './problem-panel.tsx'
import styles from './report-problem-panel.module.css'
import { ServiceProblemPanel } from './service-problem-panel.tsx'

/** Why there is no report to show, and what to do. */
export function ReportProblemPanel(props: { error: Error; retrying: boolean; id: number | undefined }) {
  const { error, retrying, id } = props
  if (error instanceof ReportError) return <FaultPanel fault={error.fault} id={id} />
  if (error instanceof ServiceError) return <ServiceProblemPanel error={error} retrying={retrying} />
  return (
    <ProblemPanel title="The report could not be loaded">
      <p>{error.message}</p>
      {retrying && <p>This page keeps trying.</p>}
    </ProblemPanel>
  )
}

function FaultPanel({ fault, id }: { fault: ReportFault; id: number | undefined }) {
  const name = `Report ${id}`
  switch (fault.kind) {
    case 'not-a-report':
      return (
        <ProblemPanel title={`${name} is not a comparison report`}>
          <p>The document has no schemaVersion. Make a report and post it:</p>
          <Remake />
        </ProblemPanel>
      )
    case 'other-version':
      return (
        <ProblemPanel title={`${name} has schema version ${JSON.stringify(fault.version)}`}>
          <p>
            This dashboard reads version 1. Use the dashboard of the release that made the report, or make it
            again with this one:
          </p>
          <Remake />
        </ProblemPanel>
      )
    case 'no-images':
      return (
        <ProblemPanel title={`${name} has no images`}>
          <p>There is nothing to compare in it. Make one with images:</p>
          <Remake />
        </ProblemPanel>
      )
    case 'broken':
      return (
        <ProblemPanel title={`${name} breaks the schema of reports`}>
          <p>Nothing of it is shown, because its figures cannot be trusted. What is wrong first:</p>
          <ul className={styles.problems}>
            {fault.problems.map(({ path, message }) => (
              <li key={path + message}>
                <code>{path || '/'}</code> {message}
              </li>
            ))}
          </ul>
          <p>Make it again:</p>
          <Remake />
        </ProblemPanel>
      )
  }
}

function Remake() {
  return (
    <>
      <Command>pnpm compare --output report.json</Command>
      <LatestReportLink />
    </>
  )
}
