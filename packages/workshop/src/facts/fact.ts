import type { Attempt } from '../attempt.ts'
import type { Figures, Of } from '../model.ts'

/** What a fact is in a learner's folder. */
export interface Seen {
  value: unknown
  figures?: Figures
  /** Which of the generic texts tells it, where it fails a check; that of the fact's own name if left out. */
  cause?: string
}

export interface Fact {
  /** 0 text, 1 build checks, 2 build, 3 archive, 4 container, 5 second build. */
  tier: 0 | 1 | 2 | 3 | 4 | 5
  /** One sentence, for the table of facts. */
  what: string
  takes: readonly (keyof Of)[]
  /** In bytes: shown as a size. */
  bytes?: true
  /** About how something is written, not about what it does: any right answer passes, so no check may ask for it. */
  mistakesOnly?: true
  see(attempt: Attempt, of: Of): Promise<Seen>
}

export const list = (values: readonly unknown[]): string => {
  const shown = values.slice(0, 5).map(String).join(', ')
  return values.length > 5 ? `${shown}, ... (${values.length})` : shown
}
