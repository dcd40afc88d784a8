import { useSearchParams } from 'react-router'

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
