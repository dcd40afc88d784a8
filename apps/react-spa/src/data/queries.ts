import { infiniteQueryOptions, keepPreviousData, queryOptions, skipToken } from '@tanstack/react-query'
import type { Config } from '../config.ts'
import { fetchHistory, fetchReport, fetchReports } from './reports-api.ts'

const pollMs = 10_000
// Somebody who has no report yet is about to post one.
const pollForFirstMs = 3000

/** All reports, newest first, page by page; looks for new ones by itself. */
export function reportsQuery({ reports }: Config) {
  return infiniteQueryOptions({
    queryKey: ['reports', reports],
    queryFn: ({ pageParam, signal }) => fetchReports(reports, { limit: 20, cursor: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: ({ state: { data } }) => (data?.pages[0]?.items.length ? pollMs : pollForFirstMs),
  })
}

/** One report, which never changes; none without an id. Until it is there, the one that was shown before. */
export function reportQuery({ reports }: Config, id: number | undefined) {
  return queryOptions({
    queryKey: ['report', reports, id],
    queryFn: id === undefined ? skipToken : ({ signal }) => fetchReport(reports, id, { signal }),
    placeholderData: keepPreviousData,
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
