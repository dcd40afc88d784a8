import type { Outcome } from '@stagecraft/dockerfile'
import styles from './dockerfile.module.css'

// 16 by 16: a tick, an arrow that comes round, a question mark.
const shapes: Record<Outcome, string> = {
  cached: 'M3 8.5 6.5 12 13 4.5',
  reruns: 'M12.9 6.5A5.2 5.2 0 1 0 13.2 9M13.2 3v3.7H9.5',
  'may rerun': 'M4.7 5.6a3.3 3.3 0 1 1 4.8 3Q8 9.4 8 11M8 13.4v.2',
}

/** What becomes of an instruction, in a word and a sign. */
export function OutcomeMark({ outcome }: { outcome: Outcome }) {
  return (
    <span className={styles.mark} data-outcome={outcome}>
      <OutcomeSign outcome={outcome} />
      {outcome}
    </span>
  )
}

/** The sign alone, for the eye. */
export function OutcomeSign({ outcome }: { outcome: Outcome }) {
  return (
    <svg className={styles.sign} viewBox="0 0 16 16" aria-hidden="true">
      <path d={shapes[outcome]} />
    </svg>
  )
}
