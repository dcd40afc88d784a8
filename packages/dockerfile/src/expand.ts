import { ExpansionError } from './errors.ts'
import { compileGlob, matchEnd, replaced } from './glob.ts'

/**
 * Stands in a value for what the text does not tell: a variable of the base image, or a build argument's new value.
 * No Dockerfile can hold it.
 */
export const unknown = '\0'

export const isUnknown = (value: string): boolean => value.includes(unknown)

const maxDepth = 50

export interface ExpandOptions {
  /** As in a heredoc: quotes stand for themselves, and a backslash too, but before `$`. */
  raw?: boolean
  /** The escape character of the Dockerfile. */
  escapeWith?: string
  /** Told of work that grows faster than the word. */
  spend?: (steps: number) => void
}

/**
 * Expands variables in a word of a Dockerfile, and takes its quotes and escapes away.
 * The forms are those of BuildKit: `$name`, `${name}`, `:-`, `-`, `:+`, `+`, `:?`, `?`, `#`, `##`, `%`, `%%`, `/`, `//`.
 * @param lookup the value of a variable; undefined where it is not set, {@link unknown} where it may or may not be
 * @throws ExpansionError
 * @see https://docs.docker.com/reference/dockerfile/#environment-replacement
 * @see https://github.com/moby/buildkit/blob/v0.25.0/frontend/dockerfile/shell/lex.go
 */
export function expand(
  word: string,
  lookup: (name: string) => string | undefined,
  { raw = false, escapeWith = '\\', spend = () => {} }: ExpandOptions = {},
): string {
  if (!/[$"'\\`]/.test(word)) return word
  let at = 0
  let depth = 0

  /** @param pattern escapes stay: they are the pattern's */
  const until = (end: string, pattern = false): string => {
    let out = ''
    while (at < word.length && word[at] !== end) {
      const char = word[at++] as string
      if (char === escapeWith) {
        if (pattern) out += char + (word[at++] ?? '')
        else if (raw && word[at] !== '$') out += char
        else if (at < word.length) out += word[at++]
      } else if (raw && char !== '$') out += char
      else if (char === "'") out += singleQuoted()
      else if (char === '"') out += doubleQuoted()
      else if (char === '$') out += variable()
      else out += char
    }
    return out
  }

  const singleQuoted = (): string => {
    const close = word.indexOf("'", at)
    if (close < 0) throw new ExpansionError('a single quote is not closed')
    const out = word.slice(at, close)
    at = close + 1
    return out
  }

  const doubleQuoted = (): string => {
    let out = ''
    for (;;) {
      if (at >= word.length) throw new ExpansionError('a double quote is not closed')
      const char = word[at++] as string
      if (char === '"') return out
      if (char === '$') out += variable()
      else if (char === escapeWith && [escapeWith, '"', '$'].includes(word[at] ?? '')) out += word[at++]
      else out += char
    }
  }

  const variable = (): string => {
    const plain = nameAt(word, at)
    if (plain) {
      at += plain.length
      return lookup(plain) ?? ''
    }
    if (word[at] !== '{') return '$'
    at++
    const name = nameAt(word, at)
    if (!name) throw new ExpansionError('${ is followed by no name')
    at += name.length
    const [operator] = /^(?::[-+?]|##?|%%?|\/\/?|[-+?}])/.exec(word.slice(at, at + 2)) ?? []
    if (!operator) throw new ExpansionError(unclear(word.slice(at)))
    at += operator.length
    const value = lookup(name)
    if (operator === '}') return value ?? ''
    if (++depth > maxDepth) throw new ExpansionError(`variables are nested deeper than ${maxDepth}`)
    const replaces = operator.startsWith('/')
    const argument = until(replaces ? '/' : '}', /[#%/]/.test(operator))
    let replacement = ''
    if (replaces && word[at] === '/') {
      at++
      replacement = until('}', true)
    }
    if (word[at] !== '}') throw new ExpansionError('its brace is not closed')
    at++
    depth--
    return modified({ name, value, operator, argument, replacement, spend })
  }

  return until('')
}

const name = /[\p{L}_][\p{L}\p{Nd}_]*|\p{Nd}+|[@*#?!$-]/uy

/** The name of a variable that begins at `at`, or one of the shell's own: digits, or a sign. */
function nameAt(word: string, at: number): string | undefined {
  name.lastIndex = at
  return name.exec(word)?.[0]
}

/** What is wrong with what follows a name in braces. */
const unclear = (rest: string): string =>
  rest === '' ? 'its brace is not closed' : `there is no modifier ${rest.slice(0, rest[0] === ':' ? 2 : 1)}`

interface Modified extends Required<Pick<ExpandOptions, 'spend'>> {
  name: string
  value: string | undefined
  operator: string
  argument: string
  replacement: string
}

function modified({ name, value, operator, argument, replacement, spend }: Modified): string {
  const set = operator.startsWith(':') ? Boolean(value) : value !== undefined
  const known = value === undefined || !isUnknown(value)
  switch (operator) {
    case '-':
    case ':-':
      return known ? (set ? (value as string) : argument) : unknown
    case '+':
    case ':+':
      return known ? (set ? argument : '') : unknown
    case '?':
    case ':?':
      if (!set) throw new ExpansionError(`${name} is not set: ${argument || 'it must be'}`)
      return value as string
    default: {
      const pattern = compileGlob(argument)
      if (!known || isUnknown(argument) || isUnknown(replacement)) return unknown
      const text = value ?? ''
      if (operator.startsWith('/'))
        return replaced(text, pattern, { replacement, all: operator === '//', spend })
      const greedy = operator.length === 2
      if (operator.startsWith('#')) return text.slice(matchEnd(pattern, [...text], { greedy, spend }) ?? 0)
      // The shortest or longest end is the shortest or longest beginning of what is read backwards.
      const backwards = [...text].toReversed()
      const end = matchEnd(pattern.toReversed(), backwards, { greedy, spend }) ?? 0
      return backwards.slice(end).toReversed().join('')
    }
  }
}
