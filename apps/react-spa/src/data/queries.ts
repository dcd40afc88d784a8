import { infiniteQueryOptions, keepPreviousData, queryOptions, skipToken } from '@tanstack/react-query'
import type { Config } from '../config.ts'
import { fetchHistory, fetchReport, fetchReports, type LoadedReport } from './reports-api.ts'

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
