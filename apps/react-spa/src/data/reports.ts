import type { Measurement, Page, Summary } from '@stagecraft/report/api'
import type { Report } from '@stagecraft/report/schema'
import {
  infiniteQueryOptions,
  keepPreviousData,
  QueryClient,
  queryOptions,
  skipToken,
} from '@tanstack/react-query'
import type { Config } from '../config.ts'
import { fetchAnswer, fetchJson, ServiceError } from './fetch.ts'
import { ReportError } from './report-error.ts'

/** `etag` tells one state of the report from the next; `changedAt` is when that came, by this browser's clock. */
export type LoadedReport = { id: number; report: Report; etag: string | null; changedAt: number }

type Request = { signal: AbortSignal }
type PageRequest = Request & { limit: number; cursor: string | undefined }

/** Reports, newest first. */
async function fetchReports(base: string, request: PageRequest): Promise<Page<Summary>> {
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
async function fetchHistory(
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

const pollMs = 10_000
// Somebody who has no report yet is about to post one; a list with a running report is about to change.
const pollSoonMs = 3000
const pollRunningMs = 1500

/** All reports, newest first, page by page; looks for new ones by itself. */
export function reportsQuery({ reports }: Config) {
  return infiniteQueryOptions({
    queryKey: ['reports', reports],
    queryFn: ({ pageParam, signal }) => fetchReports(reports, { limit: 20, cursor: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: ({ state: { data } }) => {
      const [latest] = data?.pages[0]?.items ?? []
      return !latest || latest.state === 'running' ? pollSoonMs : pollMs
    },
  })
}

/** One report, which changes as long as it is running; none without an id. Until it is there, the one that was shown before. */
export function reportQuery({ reports }: Config, id: number | undefined) {
  const queryKey = ['report', reports, id]
  return queryOptions({
    queryKey,
    queryFn:
      id === undefined
        ? skipToken
        : ({ client, signal }) =>
            fetchReport(reports, id, { signal, before: client.getQueryData<LoadedReport>(queryKey) }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { status, data } }) =>
      status === 'success' && data?.report.state === 'running' ? pollRunningMs : false,
  })
}

/** One image over the reports, newest first, page by page. */
export function historyQuery({ reports }: Config, image: { app: string; variant: string }) {
  return infiniteQueryOptions({
    queryKey: ['history', reports, image.app, image.variant],
    queryFn: ({ pageParam, signal }) =>
      fetchHistory(reports, image, { limit: 100, cursor: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: pollMs,
  })
}

const retryMs = 2500

/**
 * Queries keep trying while a service is out, so that the page recovers by itself; meanwhile `failureReason` says what is wrong.
 * They end in `error` only where trying again cannot help.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The APIs can be on this machine: a browser that is offline says nothing about them.
        networkMode: 'always',
        retry: (_count, error) => mayRecover(error),
        retryDelay: retryMs,
        staleTime: Number.POSITIVE_INFINITY,
      },
    },
  })
}

function mayRecover(error: Error): boolean {
  if (error instanceof ReportError) return false
  return !(error instanceof ServiceError) || error.transient
}
