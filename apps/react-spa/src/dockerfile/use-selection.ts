import { useSearchParams } from 'react-router'
import { readSelection, type Selection, writeSelection } from './selection.ts'

export type Select = (changes: Partial<Selection>) => void

/** What is chosen on the page. It is kept in the address, so that the address can be passed on. */
export function useSelection(): [Selection, Select] {
  const [params, setParams] = useSearchParams()
  const select: Select = (changes) =>
    setParams((now) => writeSelection(now, { ...readSelection(now), ...changes }), {
      replace: true,
      preventScrollReset: true,
    })
  return [readSelection(params), select]
}
