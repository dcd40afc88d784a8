import type { Failure } from '@stagecraft/report/schema'
import { failureWords } from '../data/progress.ts'
import styles from './failure-details.module.css'
import longText from './long-text.module.css'

/** Why an image could not be measured; opened, with what was seen. */
export function FailureDetails({ failure }: { failure: Failure }) {
  return (
    <details className={longText.details}>
      <summary>
        <span className={styles.what}>{failureWords(failure)}</span>
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={styles.message} tabIndex={0}>
        {failure.message}
      </pre>
    </details>
  )
}
