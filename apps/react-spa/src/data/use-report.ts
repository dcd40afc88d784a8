import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useConfig } from './config-context.ts'
import { reportQuery, reportsQuery } from './queries.ts'
import { useReportParam } from './report-param.ts'
import type { LoadedReport } from './reports-api.ts'
import { ServiceError } from './service-error.ts'

export type ReportState =
  /** `images` says how many there will be, where that is known. */
  | { status: 'loading'; images: number | undefined }
  /** Nobody has posted a report yet. */
  | { status: 'empty' }
  /** There is no report of the `id` that the address asks for. */
  | { status: 'missing'; id: string }
  /** `retrying`: the page keeps trying by itself. `id` is the report's, where that is known. */
  | { status: 'failed'; error: Error; retrying: boolean; id: number | undefined }
  | ({ status: 'ready' } & LoadedReport)

/** The report that the address chooses (`?report=ID`), or the latest. */
export function useReport(): ReportState {
  const config = useConfig()
  const wanted = useReportParam()
  const list = useInfiniteQuery(reportsQuery(config))
  const id = wanted === undefined ? list.data?.pages[0]?.items[0]?.id : toId(wanted)
  const { data, isPlaceholderData, ...query } = useQuery(reportQuery(config, id))

  if (wanted !== undefined && id === undefined) return { status: 'missing', id: wanted }
  const { failureReason, status } = id === undefined ? list : query
  const superseded = isPlaceholderData && wanted !== undefined && failureReason !== null
  if (data && !superseded) return { status: 'ready', ...data }
  if (failureReason) {
    if (failureReason instanceof ServiceError && failureReason.status === 404)
      return { status: 'missing', id: String(id) }
    return { status: 'failed', error: failureReason, retrying: status !== 'error', id }
  }
  if (id === undefined && list.data) return { status: 'empty' }
  const summary = list.data?.pages.flatMap(({ items }) => items).find((each) => each.id === id)
  return { status: 'loading', images: summary?.images }
}

function toId(text: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
}
