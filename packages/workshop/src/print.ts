import { styleText } from 'node:util'
import wrapAnsi from 'wrap-ansi'
import type { Step } from './attempt.ts'
import type { Lang } from './lang.ts'
import { words } from './messages/words.ts'

const width = Math.min(process.stdout.columns || 80, 80)

type Style = Parameters<typeof styleText>[0]

/** Colour on a terminal that wants it: NO_COLOR and FORCE_COLOR are honoured by Node itself. */
export const style = (how: Style, text: string): string =>
  styleText(how, text, { stream: process.stdout, validateStream: true })

export function say(text = ''): void {
  console.log(text)
}

/** Prints Markdown for a terminal: paragraphs and lists wrapped, code as it is. */
export function sayMarkdown(markdown: string): void {
  const lines: string[] = []
  let fenced = false
  for (const line of markdown.split('\n')) {
    if (line.startsWith('```')) {
      fenced = !fenced
      continue
    }
    if (fenced) lines.push(`    ${line}`)
    else lines.push(wrapLine(plain(line)))
  }
  say(lines.join('\n'))
}

/** A link is its text, which in an exercise is the path; emphasis is left out. */
function plain(line: string): string {
  return line.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll(/\*\*([^*]+)\*\*/g, '$1')
}

function wrapLine(line: string): string {
  const [, indent = ''] = /^(\s*(?:[-*]|\d+\.)\s+)/.exec(line) ?? []
  const wrapped = wrapAnsi(line.slice(indent.length), width - indent.length, { hard: false })
  return wrapped
    .split('\n')
    .map((each, index) => (index === 0 ? indent : ' '.repeat(indent.length)) + each)
    .join('\n')
}

/** Says on a terminal what is being done, in one line that is overwritten; nowhere else. */
export function showStep(lang: Lang): { onStep: (step: Step) => void; clear: () => void } {
  const clear = () => {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  }
  return {
    clear,
    onStep({ doing }) {
      if (!process.stderr.isTTY) return
      clear()
      process.stderr.write(`${words[lang].tier[doing]} ...`)
    },
  }
}
