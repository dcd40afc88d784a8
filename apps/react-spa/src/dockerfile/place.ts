import type { Place } from '@stagecraft/dockerfile'
import type { Problem } from '../data/service-error.ts'

/** Where in the Dockerfile a problem is, if it says so. */
export function problemPlace({ line, column, text }: Problem): Place | undefined {
  if (typeof line !== 'number' || typeof column !== 'number' || typeof text !== 'string') return undefined
  return { line, column, text }
}

/** What stands before a mark under the column, tabs kept so that both lines are as wide. */
export const caretIndent = ({ text, column }: Place): string =>
  text.slice(0, column - 1).replaceAll(/[^\t]/gu, ' ')

/** Where a line begins and ends in a text, its line break left out. */
export function lineRange(text: string, line: number): [start: number, end: number] {
  let start = 0
  for (let passed = 1; passed < line; passed++) {
    const end = text.indexOf('\n', start)
    if (end < 0) return [text.length, text.length]
    start = end + 1
  }
  const end = text.indexOf('\n', start)
  return [start, end < 0 ? text.length : end]
}
