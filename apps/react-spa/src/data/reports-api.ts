import type { Report } from '@stagecraft/report/schema'
import { fetchJson } from './fetch-json.ts'
import { ServiceError } from './service-error.ts'

/** What express-api's lists say of a report. `createdAt` is ISO 8601 UTC, `images` counts them. */
export type ReportSummary = { id: number; createdAt: string; revision: string; images: number }

export type LoadedReport = { id: number; report: Report }

/** One image in one report. Bytes, and the median in milliseconds; `standIn`: on a base that was not the official one. */
export type Measurement = {
  id: number
  createdAt: string
  compressedBytes: number
  unpackedBytes: number
  startToReadyMs: number
  standIn: boolean
}

/** `next` is the cursor of the following page, null on the last. */
export type Page<T> = { items: T[]; next: string | null }

type Request = { signal: AbortSignal }
type PageRequest = Request & { limit: number; cursor: string | undefined }

/** Reports, newest first. */
export async function fetchReports(base: string, request: PageRequest): Promise<Page<ReportSummary>> {
  return (await fetchPage(`${base}/api/reports`, request)) as Page<ReportSummary>
}

/**
 * A report, checked: the code that does it is loaded while the report is on its way.
 * @throws ServiceError, ReportError
 */
export async function fetchReport(base: string, id: number, { signal }: Request): Promise<LoadedReport> {
  const [document, { checkReport }] = await Promise.all([
    fetchJson('express-api', `${base}/api/reports/${id}`, { signal }),
    import('./check-report.ts'),
  ])
  return { id, report: checkReport(document) }
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
