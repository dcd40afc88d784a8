import { Report } from '@stagecraft/report/schema'
import { Check, Errors } from 'typebox/value'
import { imageName } from './images.ts'
import { ReportError, type SchemaProblem } from './report-error.ts'

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
  if ('images' in document && Array.isArray(document.images) && document.images.length === 0)
    throw new ReportError({ kind: 'no-images' })
  const problems = Check(Report, document) ? repeatedImages(document) : schemaProblems(document)
  if (problems.length > 0) throw new ReportError({ kind: 'broken', problems })
  return document as Report
}

function schemaProblems(document: unknown): SchemaProblem[] {
  return Errors(Report, document).map(({ instancePath, message }) => ({ path: instancePath, message }))
}

/** An image is known by its app and variant, so that two of the same two cannot be told apart. */
function repeatedImages({ images }: Report): SchemaProblem[] {
  const seen = new Set<string>()
  return images.flatMap((image, index) => {
    const name = imageName(image)
    if (seen.has(name)) return { path: `/images/${index}`, message: `repeats ${name}` }
    seen.add(name)
    return []
  })
}
