import type { ReactNode } from 'react'
import styles from './problem-panel.module.css'

/**
 * Says what is wrong and what to do about it.
 * `tone`: `problem` is announced to those who hear the page, `failure` and `notice` are not.
 */
export function ProblemPanel(props: {
  title: string
  children: ReactNode
  tone?: 'problem' | 'failure' | 'notice'
  headingLevel?: 1 | 2 | 3
}) {
  const { title, children, tone = 'problem', headingLevel = 2 } = props
  const Heading = `h${headingLevel}` as const
  return (
    <div className={styles[tone]} role={tone === 'problem' ? 'alert' : undefined}>
      <Heading className={styles.title}>{title}</Heading>
      <div className={styles.body}>{children}</div>
    </div>
  )
}
