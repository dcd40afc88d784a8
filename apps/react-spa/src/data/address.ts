import { useCallback } from 'react'
import { useSearchParams } from 'react-router'
import type { SizeKind } from './images.ts'

/** What the address says of `name`, '' where it says nothing, and the way to change that in place. */
export function useQueryParam(name: string): [value: string, set: (value: string) => void] {
  const [params, setParams] = useSearchParams()
  const set = useCallback(
    (value: string) => {
      const change = (before: URLSearchParams): URLSearchParams => {
        const after = new URLSearchParams(before)
        if (value) after.set(name, value)
        else after.delete(name)
        return after
      }
      setParams(change, { replace: true, preventScrollReset: true })
    },
    [name, setParams],
  )
  return [params.get(name) ?? '', set]
}

const name = 'report'

/** What the address says of the report to show; undefined means the latest. */
export function useReportParam(): string | undefined {
  const [params] = useSearchParams()
  return params.get(name) ?? undefined
}

/** The address's query string with another report, all else that it chooses unchanged; undefined means the latest. */
export function useSearchWithReport(id: number | undefined): string {
  const [params] = useSearchParams()
  const search = new URLSearchParams(params)
  if (id === undefined) search.delete(name)
  else search.set(name, String(id))
  return search.toString()
}

/** A query string for another page that keeps the chosen report, '' for the latest; `more` is set beside it. */
export function useReportSearch(more: Record<string, string> = {}): string {
  const report = useReportParam()
  const params = new URLSearchParams({ ...(report !== undefined && { [name]: report }), ...more })
  return params.size > 0 ? `?${params}` : ''
}

/** Which size the bars show: `size` in the address. */
export function useSizeKind(): [kind: SizeKind, set: (kind: SizeKind) => void] {
  const [value, set] = useQueryParam('size')
  return [value === 'disk' ? 'disk' : 'pull', (kind) => set(kind === 'pull' ? '' : kind)]
}
