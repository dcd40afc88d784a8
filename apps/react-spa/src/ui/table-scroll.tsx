import type { ReactNode } from 'react'
import styles from './table-scroll.module.css'

/**
 * A table that may be wider or longer than its place: it scrolls here, under its head. `label` names it; a `short` one leaves
 * room for more beside it.
 */
export function TableScroll(props: { label: string; short?: boolean; children: ReactNode }) {
  const { label, short = false, children } = props
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={short ? styles.short : styles.long} aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
