import type { Measurement, Page, Summary } from '@stagecraft/report/api'
import type { Report } from '@stagecraft/report/schema'
import { fetchAnswer, fetchJson } from './fetch-json.ts'
import { ServiceError } from './service-error.ts'

/** `etag` tells one state of the report from the next; `changedAt` is when that came, by this browser's clock. */
export type LoadedReport = { id: number; report: Report; etag: string | null; changedAt: number }

type Request = { signal: AbortSignal }
type PageRequest = Request & { limit: number; cursor: string | undefined }

/** Reports, newest first. */
export async function fetchReports(base: string, request: PageRequest): Promise<Page<Summary>> {
  return (await fetchPage(`${base}/api/reports`, request)) as Page<Summary>
}

/**
 * A report, checked: the code that does it is loaded while the report is on its way. `before` is what was loaded earlier, and is
 * answered when nothing has changed since.
 * @throws ServiceError, ReportError
 */
export async function fetchReport(
  base: string,
  id: number,
  { signal, before }: Request & { before: LoadedReport | undefined },
): Promise<LoadedReport> {
  const [{ json, headers }, { checkReport }] = await Promise.all([
    fetchAnswer('express-api', `${base}/api/reports/${id}`, { signal }),
    import('./check-report.ts'),
  ])
  const etag = headers.get('ETag')
  if (before && etag !== null && etag === before.etag) return before
  return { id, report: checkReport(json), etag, changedAt: Date.now() - sinceChange(headers) }
}

/** How long ago the answer's content changed, both by the server's clock, which may differ from the browser's. */
function sinceChange(headers: Headers): number {
  const [now = Number.NaN, changed = Number.NaN] = ['Date', 'Last-Modified'].map((name) =>
    Date.parse(headers.get(name) ?? ''),
  )
  return Math.max(0, now - changed) || 0
}

/** The measurements of one image, newest first; none for an image that nobody measured. */
export async function fetchHistory(
  base: string,
  image: { app: string; variant: string },
  request: PageRequest,
): Promise<Page<Measurement>> {
  const path = [image.app, image.variant].map(encodeURIComponent).join('/')
  return (await fetchPage(`${base}/api/images/${path}/history`, request)) as Page<Measurement>
}

async function fetchPage(url: string, { limit, cursor, signal }: PageRequest): Promise<Page<unknown>> {
  const query = new URLSearchParams({ limit: String(limit), ...(cursor !== undefined && { cursor }) })
  const page = (await fetchJson('express-api', `${url}?${query}`, { signal })) as Page<unknown> | null
  if (Array.isArray(page?.items)) return page
  throw new ServiceError('express-api', { status: 200, problem: { detail: 'not a list' } })
}
