import { DockerfileError } from '@stagecraft/dockerfile'
import type { Attempt } from './attempt.ts'
import type { Failure } from './failure.ts'
import { unreadable } from './input.ts'
import type { Figures } from './model.ts'
import type { Diagnosis } from './verdict.ts'

/** The first mistake that matches, else the failure itself. */
export async function diagnose(attempt: Attempt, failure: Failure): Promise<Diagnosis> {
  const { id, kind, cause, figures } = failure
  const withLine = (all: Figures) => (typeof all.line === 'number' ? { line: all.line } : {})
  // What cannot be read at all has a cause of its own.
  const own = unreadable.includes(id) ? undefined : id
  for (const mistake of attempt.exercise.mistakes.filter(({ check = own }) => check === id)) {
    const [{ holds }, { NotBuilt }] = await Promise.all([
      import('./facts/index.ts'),
      import('./facts/build.ts'),
    ])
    const { matched, figures: more } = await holds(attempt, mistake.when).catch((error) => {
      if (error instanceof NotBuilt || error instanceof DockerfileError)
        return { matched: false, figures: {} }
      throw error
    })
    // What the check has seen and its limit go first: that is what the text is about.
    const all = { ...more, ...figures }
    if (matched)
      return { id: mistake.id, kind: 'mistake', cause, figures: all, ...withLine({ ...figures, ...more }) }
  }
  return { id, kind, cause, figures, ...withLine(figures) }
}
