import type { ReactNode } from 'react'
import styles from './long-text.module.css'

/** Text of any length: on one line as far as it goes, the whole of it when opened, with `children` under it. */
export function LongText({ text, children }: { text: string; children: ReactNode }) {
  return (
    <details className={styles.details}>
      <summary>
        <span className={styles.text}>{text}</span>
      </summary>
      <div className={styles.more}>{children}</div>
    </details>
  )
}
