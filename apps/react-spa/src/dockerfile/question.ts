import type { Change, Question } from '@stagecraft/dockerfile'

/** What `POST /analyze` is sent. */
export interface AnalyzeQuestion extends Question {
  dockerfile: string
}

/** Whether a question is about changes, and its answer says what becomes of each instruction. */
export const isAboutChanges = ({ changed = [] }: AnalyzeQuestion): boolean => changed.length > 0

/** The largest body that the analyzer reads, in bytes. */
export const maxQuestionBytes = 1024 * 1024

/** Whether a question is longer than the analyzer reads. */
export const isTooLong = (question: AnalyzeQuestion): boolean =>
  new TextEncoder().encode(JSON.stringify(question)).length > maxQuestionBytes

/** Leaves out what does not matter, so that two ways to ask the same are one question. */
export function buildQuestion(parts: {
  dockerfile: string
  dockerignore: string
  target: string | undefined
  changed: readonly Change[]
}): AnalyzeQuestion {
  const { dockerfile, dockerignore, target, changed } = parts
  const aboutPaths = changed.some((change) => 'path' in change)
  return {
    dockerfile,
    ...(aboutPaths && dockerignore !== '' && { dockerignore }),
    ...(target && { target }),
    ...(changed.length > 0 && { changed }),
  }
}
