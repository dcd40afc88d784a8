import type { Failure } from '@stagecraft/report/schema'
import type { ReactNode } from 'react'
import { useConfig } from '../config.ts'
import { type Service, ServiceError } from '../data/fetch.ts'
import { failureWords } from '../data/images.ts'
import { ReportError, type ReportFault } from '../data/report-error.ts'
import { LatestReportLink } from './buttons.tsx'
import { CodeBlock, Command } from './copy.tsx'
import ui from './ui.module.css'

/**
 * Says what is wrong and what to do about it.
 * `tone`: `problem` is announced to those who hear the page, `failure` and `notice` are not.
 */
export function ProblemPanel(props: {
  title: string
  children: ReactNode
  tone?: 'problem' | 'failure' | 'notice'
  headingLevel?: 1 | 2 | 3
}) {
  const { title, children, tone = 'problem', headingLevel = 2 } = props
  const Heading = `h${headingLevel}` as const
  return (
    <div className={ui[tone]} role={tone === 'problem' ? 'alert' : undefined}>
      <Heading className={ui.title}>{title}</Heading>
      <div className={ui.body}>{children}</div>
    </div>
  )
}

/** Why an image could not be measured; opened, with what was seen. */
export function FailureDetails({ failure }: { failure: Failure }) {
  return (
    <details className={ui.details}>
      <summary>
        <span className={ui.what}>{failureWords(failure)}</span>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={ui.message} tabIndex={0}>
        {failure.message}
      </pre>
    </details>
  )
}

const purpose: Record<Service, string> = {
  'express-api': 'the service that keeps the reports',
  'fastify-service': 'the service that explains Dockerfiles',
}

/** A service that is out, or refuses. `retrying`: the page keeps trying by itself. */
export function ServiceProblemPanel({ error, retrying }: { error: ServiceError; retrying: boolean }) {
  const { service, unreachable, transient, message } = error
  const title = unreachable ? 'does not answer' : transient ? 'cannot answer now' : 'refuses'
  return (
    <ProblemPanel title={`${service} ${title}`}>
      <p>
        {unreachable ? `That is ${purpose[service]}.` : message}
        {retrying && ' This page keeps trying and goes on by itself.'}
      </p>
      {unreachable && (
        <>
          <p>If it is not running, start it in the repository:</p>
          <Command>{`docker compose up --wait ${service}`}</Command>
        </>
      )}
    </ProblemPanel>
  )
}

/** What to do when nobody has posted a report. */
export function NoReportPanel() {
  const { reports } = useConfig()
  const address = `${reports || location.origin}/api/reports`
  const post = `curl --header 'Content-Type: application/json' --data-binary @report.json ${address}`
  return (
    <ProblemPanel tone="notice" title="There is no report yet">
      <p>A report compares images. In the repository, make one and post it:</p>
      <CodeBlock
        code={`pnpm compare --output report.json\n${post}`}
        what="the commands that make and post a report"
      />
      <p>Or let one command build the images, compare them and serve the result:</p>
      <Command>npm start</Command>
      <p>This page shows each figure as soon as it is there.</p>
    </ProblemPanel>
  )
}

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
          <ul className={ui.problems}>
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
