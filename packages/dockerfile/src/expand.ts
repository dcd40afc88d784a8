/**
 * Stands in a value for what the text does not tell: a variable of the base image, or a build argument's new value.
 * No Dockerfile can hold it.
 */
export const unknown = '\0'

export const isUnknown = (value: string): boolean => value.includes(unknown)

const maxDepth = 50

/** Why a word cannot be expanded. */
export class ExpansionError extends Error {}

/**
 * Expands variables in a word of a Dockerfile, and takes its quotes and escapes away.
 * The forms are those of BuildKit: `$name`, `${name}`, `:-`, `-`, `:+`, `+`, `:?`, `?`, `#`, `##`, `%`, `%%`, `/`, `//`.
 * @param raw as in a heredoc: quotes stand for themselves, and a backslash too, but before `$`
 * @param lookup the value of a variable; undefined where it is not set, {@link unknown} where it may or may not be
 * @throws ExpansionError
 * @see https://docs.docker.com/reference/dockerfile/#environment-replacement
 */
export function expand(
  word: string,
  lookup: (name: string) => string | undefined,
  { raw = false, escapeWith = '\\' } = {},
): string {
  if (!/[$"'\\`]/.test(word)) return word
  let at = 0
  let depth = 0

  const until = (end: string): string => {
    let out = ''
    while (at < word.length && word[at] !== end) {
      const char = word[at++] as string
      if (char === escapeWith) {
        if (raw && word[at] !== '$') out += char
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
    if (!operator) throw new ExpansionError('its brace is not closed')
    at += operator.length
    const value = lookup(name)
    if (operator === '}') return value ?? ''
    if (++depth > maxDepth) throw new ExpansionError(`variables are nested deeper than ${maxDepth}`)
    const argument = until(operator.startsWith('/') ? '/' : '}')
    let replacement = ''
    if (operator.startsWith('/') && word[at] === '/') {
      at++
      replacement = until('}')
    }
    if (word[at] !== '}') throw new ExpansionError('its brace is not closed')
    at++
    depth--
    return modified(name, value, operator, argument, replacement)
  }

  return until('')
}

const name = /[a-zA-Z_]\w*|[0-9@*#?!$-]/y

/** The name of a variable that begins at `at`, or one of the shell's one-character names. */
function nameAt(word: string, at: number): string | undefined {
  name.lastIndex = at
  return name.exec(word)?.[0]
}

function modified(
  name: string,
  value: string | undefined,
  operator: string,
  argument: string,
  replacement: string,
): string {
  if (value !== undefined && isUnknown(value)) return unknown
  const set = operator.startsWith(':') ? Boolean(value) : value !== undefined
  switch (operator.at(-1)) {
    case '-':
      return set ? (value as string) : argument
    case '+':
      return set ? argument : ''
    case '?':
      if (!set) throw new ExpansionError(`${name} is not set: ${argument || 'it must be'}`)
      return value as string
    default:
      // Patterns on values decide paths once in a thousand Dockerfiles: what they yield counts as not known.
      return value && (argument || replacement) ? unknown : (value ?? '')
  }
}
