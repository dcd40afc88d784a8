import type { DockerfileError } from '@stagecraft/dockerfile'
import type { Attempt } from './attempt.ts'
import type { Figures } from './model.ts'

/** A check that failed, with what was seen. */
export interface Failure {
  id: string
  kind: 'check' | 'input'
  cause: string
  figures: Figures
}

/** What is said of a Dockerfile that cannot be read, or lacks the stage that is asked for. */
export function notRead(
  attempt: Attempt,
  { code, message, place }: DockerfileError,
): Pick<Failure, 'cause' | 'figures'> {
  const { target = '' } = attempt.exercise.build ?? {}
  const figures = {
    file: attempt.file,
    error: message,
    target,
    ...(place && { line: place.line, instruction: place.text.trim() }),
  }
  return { cause: code === 'unknown-target' ? 'target' : 'syntax', figures }
}
