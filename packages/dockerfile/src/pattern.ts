import type { Budget } from './budget.ts'

/**
 * Patterns of paths, matched in time that grows with pattern times path: text from anywhere must not be able to make
 * a regular expression run wild.
 */

type Token =
  | { kind: 'char'; char: string }
  | { kind: 'one' | 'some' | 'all' | 'folders' }
  | {
      kind: 'set'
      ranges: readonly (readonly [low: string, high: string])[]
      negated: boolean
      slash: boolean
    }

export type Pattern = readonly Token[]

/**
 * A pattern as `COPY` has them, by the rules of Go's path.Match: `*`, `?`, `[a-z]`, `\` before what is meant as it is.
 * With `doubleStar`, as `.dockerignore` and `--exclude` have them: `**` is any number of folders besides, and a set may
 * hold a slash.
 * @see https://pkg.go.dev/path#Match
 * @see https://github.com/moby/patternmatcher/blob/v0.6.0/patternmatcher.go compile
 */
export function compilePattern(text: string, { doubleStar = false } = {}): Pattern {
  const chars = [...text]
  const tokens: Token[] = []
  let closed = true
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] as string
    if (char === '\\' && at + 1 < chars.length) tokens.push({ kind: 'char', char: chars[++at] as string })
    else if (char === '?') tokens.push({ kind: 'one' })
    else if (char === '*' && doubleStar && chars[at + 1] === '*') {
      const leading = at === 0
      at++
      const slash = chars[at + 1] === '/'
      if (slash) at++
      const last = at + 1 === chars.length
      // Leading and right before a name, it is a matter of how the path ends; with another wildcard, of whole folders.
      const ending = leading && !slash && !/[*?[\]\\]/.test(text.slice(2))
      tokens.push({ kind: last || ending ? 'all' : 'folders' })
    } else if (char === '*') tokens.push({ kind: 'some' })
    else if (char === '[' && closed) {
      const set = readSet(chars, at)
      closed = set !== undefined
      tokens.push(set ? { kind: 'set', ...set, slash: doubleStar } : { kind: 'char', char })
      if (set) at = set.end
    } else tokens.push({ kind: 'char', char })
  }
  return tokens
}

/** The `[a-z]` or `[^a-z]` that begins at `begin`; undefined where it is not closed. */
function readSet(
  chars: readonly string[],
  begin: number,
): { ranges: [low: string, high: string][]; negated: boolean; end: number } | undefined {
  let at = begin + 1
  const negated = chars[at] === '^'
  if (negated) at++
  const ranges: [low: string, high: string][] = []
  const take = (): string | undefined => {
    if (chars[at] === '\\') at++
    return chars[at++]
  }
  while (at < chars.length && (chars[at] !== ']' || ranges.length === 0)) {
    const low = take()
    const ranged = chars[at] === '-' && chars[at + 1] !== ']'
    if (ranged) at++
    const high = ranged ? take() : low
    if (low === undefined || high === undefined) return undefined
    ranges.push([low, high])
  }
  return chars[at] === ']' ? { ranges, negated, end: at } : undefined
}

/** Whether `text` is a pattern, and not just a path. */
export const isPattern = (text: string): boolean => /[*?[\\]/.test(text)

/** Whether the whole of `path` matches. */
export function matches(pattern: Pattern, path: string, budget: Budget): boolean {
  let states = close(pattern, new Set([0]))
  for (const char of path) {
    budget.spend(1 + 2 * states.size)
    const next = new Set<number>()
    for (const state of states) {
      const token = pattern[state]
      if (!token) continue
      switch (token.kind) {
        case 'char':
          if (token.char === char) next.add(state + 1)
          break
        case 'one':
          if (char !== '/') next.add(state + 1)
          break
        case 'set':
          budget.spend(token.ranges.length >> 3)
          if (
            (char !== '/' || token.slash) &&
            token.ranges.some(([low, high]) => low <= char && char <= high) !== token.negated
          )
            next.add(state + 1)
          break
        case 'some':
          if (char !== '/') next.add(state)
          break
        case 'all':
          next.add(state)
          break
        case 'folders':
          // Stays within until a slash, after which what follows may begin.
          next.add(state + 0.5)
          break
      }
    }
    for (const state of states) {
      if (Number.isInteger(state)) continue
      next.add(state)
    }
    if (char === '/') for (const state of [...next]) if (!Number.isInteger(state)) next.add(state + 0.5)
    if (next.size === 0) return false
    states = close(pattern, next)
  }
  return states.has(pattern.length)
}

/** Adds the states that are reached by matching nothing. */
function close(pattern: Pattern, states: Set<number>): Set<number> {
  for (const state of states) {
    const kind = pattern[state]?.kind
    if (kind === 'some' || kind === 'all' || kind === 'folders') states.add(state + 1)
  }
  return states
}
