import type { Figures } from './model.ts'
import type { Outcome } from './outcome.ts'

/** What is wrong, in no language yet: {@link explain} tells it. */
export interface Diagnosis {
  /** Of a mistake, of a check, or of what is wrong before any check: `syntax`, `base`, `build` ... */
  id: string
  kind: 'mistake' | 'check' | 'input'
  /** The generic text that tells what was seen. */
  cause: string
  figures: Figures
  line?: number
}

export interface Verdict {
  passed: boolean
  checks: { id: string; outcome: 'passed' | 'failed' | 'not run' }[]
  diagnosis?: Diagnosis
  /** What the learner changed, where all has passed and it was asked for. */
  outcome?: Outcome
  /** Nothing has changed since it was found. */
  remembered: boolean
  /** How far it had to climb. */
  tier: number
  seconds: number
}
