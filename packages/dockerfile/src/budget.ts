import { DockerfileError } from './errors.ts'

/** What one analysis may cost, in steps that each take some tens of nanoseconds. */
const limit = 3_000_000

export interface Budget {
  /** @throws DockerfileError `too-complex` once more is spent than an analysis may cost */
  spend(steps: number): void
}

/** A real Dockerfile of 10,000 lines needs a hundredth of this; one that is made to be slow ends here. */
export function newBudget(): Budget {
  let left = limit
  return {
    spend(steps) {
      left -= steps
      if (left < 0)
        throw new DockerfileError(
          'too-complex',
          'This would take too long to follow: ask with less of it, or fewer changes',
        )
    },
  }
}
