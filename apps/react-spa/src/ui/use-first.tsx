import { type ReactNode, useState } from 'react'
import { count } from '../data/format.ts'
import { Button } from './buttons.tsx'
import ui from './ui.module.css'

/**
 * The first of many `items`, and a button that shows the others; nothing in its place when there are none. What a page can show
 * at once without making its reader wait is some thousand table cells.
 */
export function useFirst<Item>(
  items: Item[],
  limit: number,
  noun: string,
): [first: Item[], showAll: ReactNode] {
  const [all, setAll] = useState(false)
  if (all || items.length <= limit) return [items, undefined]
  return [
    items.slice(0, limit),
    <p className={ui.more} key="more">
      The first {count(limit)}.{' '}
      <Button onClick={() => setAll(true)}>
        Show all {count(items.length)} {noun}
      </Button>
    </p>,
  ]
}
