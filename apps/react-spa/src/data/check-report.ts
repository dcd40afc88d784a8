import { imageProblems, type SchemaProblem } from '@stagecraft/report/images'
import { Report } from '@stagecraft/report/schema'
import { Check, Errors } from 'typebox/value'
import { ReportError } from './report-error.ts'

/**
 * `document` as a report.
 * @throws ReportError that says why it is none, or none that this page can show
 */
export function checkReport(document: unknown): Report {
  if (typeof document !== 'object' || document === null || !('schemaVersion' in document))
    throw new ReportError({ kind: 'not-a-report' })
  const version = Report.properties.schemaVersion.const
  if (document.schemaVersion !== version)
    throw new ReportError({ kind: 'other-version', version: document.schemaVersion })
  if (!Check(Report, document)) throw new ReportError({ kind: 'broken', problems: schemaProblems(document) })
  const problems = imageProblems(document)
  if (problems.some(({ path }) => path === '/images')) throw new ReportError({ kind: 'no-images' })
  if (problems.length > 0) throw new ReportError({ kind: 'broken', problems })
  return document
}

function schemaProblems(document: unknown): SchemaProblem[] {
  return Errors(Report, document).map(({ instancePath, message }) => ({ path: instancePath, message }))
}
