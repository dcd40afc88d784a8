import { type ReactNode, useId } from 'react'
import styles from './section.module.css'

/** A part of a page under an h2; `aside` stands beside the heading, `flush` is for a grid that keeps the distance. */
export function Section({
  title,
  aside,
  flush = false,
  children,
}: {
  title: string
  aside?: ReactNode
  flush?: boolean
  children: ReactNode
}) {
  const id = useId()
  return (
    <section className={flush ? undefined : styles.section} aria-labelledby={id}>
      <div className={styles.head}>
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}
