import { QueryClient } from '@tanstack/react-query'
import { ReportError } from './report-error.ts'
import { ServiceError } from './service-error.ts'

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
