import { isSpace } from './space.ts'

/** A word such as `<<EOF`, `<<-EOF` or `3<< "EOF"`. */
export interface Delimiter {
  /** Without quotes. */
  name: string
  /** `<<-`: tabs that begin a line do not count. */
  chomp: boolean
  /** Whether variables in the content are for the Dockerfile to expand: nothing of the word is quoted. */
  expand: boolean
}

/**
 * The heredocs that a command begins. Their words are parted as the shell's are, but that spaces between `<<` and the
 * name belong to the word: so `$(( 1 << 2 ))` begins one too. None where a quote is not closed.
 * @see https://github.com/moby/buildkit/blob/v0.25.0/frontend/dockerfile/parser/parser.go heredocsFromLine
 */
export function heredocDelimiters(command: string): Delimiter[] {
  return (shellWords(command) ?? []).flatMap((word) => readDelimiter(word) ?? [])
}

/** The delimiter that a word is; undefined for any other word. */
export function readDelimiter(word: string): Delimiter | undefined {
  const [, chomp, rest] = /^\d*<<(-?)[\t\n\f\r ]*([^<]+)$/.exec(word) ?? []
  const [raw, more] = rest ? (shellWords(rest) ?? []) : []
  if (!raw || more !== undefined) return undefined
  const { text, quoted } = unquote(raw)
  return text ? { name: text, chomp: chomp === '-', expand: !quoted } : undefined
}

/** Words with their quotes and escapes on; undefined where a quote is not closed. */
function shellWords(text: string): string[] | undefined {
  const words: string[] = []
  let word = ''
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string
    if (char === "'" || char === '"') {
      const close = closingQuote(text, at)
      if (close < 0) return undefined
      word += text.slice(at, close + 1)
      at = close
    } else if (char === '\\') word += text.slice(at, ++at + 1)
    else if (char === '<' && text[at + 1] === '<') {
      const begin = at++
      while (/[\t\r ]/.test(text[at + 1] ?? '')) at++
      word += text.slice(begin, at + 1)
    } else if (!isSpace(char)) word += char
    else if (word) {
      words.push(word)
      word = ''
    }
  }
  if (word) words.push(word)
  return words
}

function closingQuote(text: string, open: number): number {
  const quote = text[open] as string
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === quote) return at
    if (quote === '"' && text[at] === '\\') at++
  }
  return -1
}

function unquote(word: string): { text: string; quoted: boolean } {
  let text = ''
  let quoted = false
  for (let at = 0; at < word.length; at++) {
    const char = word[at] as string
    if (char === "'" || char === '"') {
      const close = closingQuote(word, at)
      const inner = word.slice(at + 1, close)
      text += char === '"' ? inner.replace(/\\(["$\\])/g, '$1') : inner
      quoted = true
      at = close
    } else text += char === '\\' ? (word[++at] ?? '') : char
  }
  return { text, quoted }
}
