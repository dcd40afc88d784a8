import { useCallback } from 'react'
import { useSearchParams } from 'react-router'

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
