import type { Analysis } from '@stagecraft/dockerfile'
import type { Answer } from './analyzer-api.ts'
import { buildQuestion, isTooLong } from './question.ts'
import type { Selection } from './selection.ts'
import { findStage } from './stages.ts'
import { whyUnknown } from './unknown-change.ts'
import { useAnswer } from './use-answer.ts'

/** A Dockerfile and the rules of the context that it is built in. */
export interface Source {
  /** Its path in the repository; undefined for a pasted text. */
  file?: string
  /** The path of its build context there. */
  context?: string
  dockerfile: string
  dockerignore: string
}

export interface AnalysisState {
  /** What there is to choose from: stages, arguments, images. */
  outline: Analysis | undefined
  /** The answer to show: to what is chosen, or to what was chosen before as long as there is none. */
  answer: Answer | undefined
  /** Why there is no answer to what is chosen, or none yet. */
  failure: Error | null
  /** Nothing was sent: the text is longer than the analyzer reads. */
  tooLong: boolean
  pending: boolean
}

/**
 * Asks about the text first, then about what is chosen in it. A stage or a change that the text does not know is left out
 * of the question.
 */
export function useAnalysis({ dockerfile, dockerignore }: Source, selection: Selection): AnalysisState {
  const text = buildQuestion({ dockerfile, dockerignore, target: undefined, changed: [] })
  const tooLong = isTooLong(text)
  const readable = !tooLong && dockerfile.trim() !== ''
  const outline = useAnswer(readable ? text : undefined)
  const read = readable ? outline.answer : undefined

  const question =
    read &&
    buildQuestion({
      dockerfile: read.question.dockerfile,
      dockerignore,
      target: findStage(read.analysis.stages, selection.target) && selection.target,
      changed: selection.changes.filter((change) => !whyUnknown(change, read.analysis)),
    })
  const chosen = useAnswer(question)
  return {
    outline: read?.analysis,
    answer: read && (chosen.answer ?? read),
    failure: outline.failure ?? chosen.failure,
    tooLong,
    pending: outline.pending || chosen.pending,
  }
}
