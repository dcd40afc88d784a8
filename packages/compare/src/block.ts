import { readFile } from 'node:fs/promises'
import { replaceFile } from '@stagecraft/engine/replace-file'
import { CompareError } from './errors.ts'

const start = '<!-- compare:start -->'
const end = '<!-- compare:end -->'

/** The text between the markers of a Markdown file. @throws CompareError when the markers are missing */
export function block(path: string, text: string): string {
  const [from, to] = bounds(path, text)
  return text.slice(from, to).trim()
}

/** Replaces what stands between the markers. */
export async function replaceBlock(path: string, content: string): Promise<void> {
  const text = await readFile(path, 'utf8')
  const [from, to] = bounds(path, text)
  await replaceFile(path, `${text.slice(0, from)}\n\n${content}\n\n${text.slice(to)}`)
}

function bounds(path: string, text: string): [number, number] {
  const from = text.indexOf(start)
  const to = text.indexOf(end)
  if (from < 0 || to < from) {
    throw new CompareError(
      'NO_BLOCK',
      `${path} has no place for the comparison.`,
      `Add the lines ${start} and ${end} where it belongs.`,
    )
  }
  return [from + start.length, to]
}
