import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useConfig } from '../config.ts'
import { useReportParam } from './address.ts'
import { ServiceError } from './fetch.ts'
import { type LoadedReport, reportQuery, reportsQuery } from './reports.ts'

type ReportState =
  | { status: 'loading' }
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
  return { status: id === undefined && list.data ? 'empty' : 'loading' }
}

function toId(text: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
}

/** The time in milliseconds since 1970, as it was at most `tickMs` ago. */
export function useNow(tickMs: number): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), tickMs)
    return () => clearInterval(timer)
  }, [tickMs])
  return now
}
