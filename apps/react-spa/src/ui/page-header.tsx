import { type ReactNode, useEffect } from 'react'
import styles from './page-header.module.css'

/** The page's only h1 and the document's title; `lead` is the sentence under it, `children` stand at its end. */
export function PageHeader(props: { title: string; lead?: ReactNode; children?: ReactNode }) {
  const { title, lead, children } = props
  useEffect(() => {
    document.title = `${title} · Stagecraft`
  }, [title])
  return (
    <div className={styles.header}>
      <div className={styles.words}>
        <h1>{title}</h1>
        {lead && <p className={styles.lead}>{lead}</p>}
      </div>
      {children && <div className={styles.aside}>{children}</div>}
    </div>
  )
}
