import type { Instruction, Place } from '@stagecraft/dockerfile'
import type { Problem } from '../data/fetch.ts'

/** One instruction with all its lines, or the comments and empty lines before the next. */
export interface SourceBlock {
  /** The first line, counted from 1. */
  line: number
  lines: string[]
  instruction?: Instruction
}

/** The text of a Dockerfile, cut where its instructions begin and end. */
export function sourceBlocks(text: string, instructions: readonly Instruction[]): SourceBlock[] {
  const lines = splitLines(text)
  const blocks: SourceBlock[] = []
  let next = 1
  const takeUpTo = (line: number, instruction?: Instruction) => {
    if (line < next) return
    blocks.push({ line: next, lines: lines.slice(next - 1, line), ...(instruction && { instruction }) })
    next = line + 1
  }
  for (const instruction of instructions) {
    takeUpTo(instruction.line - 1)
    takeUpTo(instruction.endLine, instruction)
  }
  takeUpTo(lines.length)
  return blocks
}

/** The lines as the analyzer counts them, without the empty one behind the last line break. */
function splitLines(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/** The blocks up to a line, the last of them cut there. */
export function blocksUpTo(blocks: readonly SourceBlock[], line: number): SourceBlock[] {
  return blocks
    .filter((block) => block.line <= line)
    .map((block) => ({ ...block, lines: block.lines.slice(0, line - block.line + 1) }))
}

/** The number of the last line; 0 if there is none. */
export function lastLine(blocks: readonly SourceBlock[]): number {
  const last = blocks.at(-1)
  return last ? last.line + last.lines.length - 1 : 0
}

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
