import type { SortingState } from '@tanstack/react-table'

/** A table's order from its text: a column, "-" before it when the largest comes first. */
export function readSorting(text: string): SortingState {
  const desc = text.startsWith('-')
  const id = desc ? text.slice(1) : text
  return id ? [{ id, desc }] : []
}

/** The reverse of {@link readSorting}; '' for no order. */
export function writeSorting([sort]: SortingState): string {
  return sort ? `${sort.desc ? '-' : ''}${sort.id}` : ''
}
