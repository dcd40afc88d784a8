import { type ReactNode, useId } from 'react'
import styles from './panel.module.css'

/** A part of the page under an h2, in a grid that keeps the distance; `aside` stands beside the heading. */
export function Panel({ title, aside, children }: { title: string; aside: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    <section className={styles.panel} aria-labelledby={id}>
      <div className={styles.head}>
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
