import { functionalUpdate, type SortingState, type Updater } from '@tanstack/react-table'
import { useMemo } from 'react'
import { useQueryParam } from '../../data/query-param.ts'
import { readSorting, writeSorting } from './sorting.ts'

/** The table's order: `sort` in the address. */
export function useSorting(): [sorting: SortingState, set: (updater: Updater<SortingState>) => void] {
  const [text, setText] = useQueryParam('sort')
  const sorting = useMemo(() => readSorting(text), [text])
  return [sorting, (updater) => setText(writeSorting(functionalUpdate(updater, sorting)))]
}
