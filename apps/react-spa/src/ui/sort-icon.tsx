/** Which way a column is sorted; faint both ways when it is not. */
export function SortIcon({ sorted }: { sorted: 'asc' | 'desc' | false }) {
  return (
    <svg width="8" height="12" viewBox="0 0 8 12" fill="currentColor" aria-hidden="true">
      <path d="M4 1 7 5H1z" opacity={sorted === 'asc' ? 1 : 0.25} />
      <path d="M4 11 1 7h6z" opacity={sorted === 'desc' ? 1 : 0.25} />
    </svg>
  )
}
