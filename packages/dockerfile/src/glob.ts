import { ExpansionError } from './errors.ts'

/** One character of a pattern: itself, `?` or `*`. */
type Token = { char: string } | 'one' | 'some'
type Glob = readonly Token[]
type Spend = (steps: number) => void

/**
 * The pattern of `${name#pattern}` and its like: `*` and `?`, and a backslash before one that is meant as it is.
 * @throws ExpansionError for a backslash before anything else
 * @see https://github.com/moby/buildkit/blob/v0.25.0/frontend/dockerfile/shell/lex.go convertShellPatternToRegex
 */
export function compileGlob(text: string): Glob {
  const tokens: Token[] = []
  const chars = [...text]
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] as string
    if (char === '*') tokens.push('some')
    else if (char === '?') tokens.push('one')
    else if (char !== '\\') tokens.push({ char })
    else {
      const next = chars[at + 1]
      if (next === '}' || next === '/') continue
      if (next !== '*' && next !== '?' && next !== '\\')
        throw new ExpansionError(`a pattern has no escape \\${next ?? ''}`)
      tokens.push({ char: next })
      at++
    }
  }
  return tokens
}

/** How many of the characters from `begin` on the whole pattern matches, at least or at most; undefined for no match. */
export function matchEnd(
  pattern: Glob,
  chars: readonly string[],
  { begin = 0, greedy, spend }: { begin?: number; greedy: boolean; spend: Spend },
): number | undefined {
  let states = close(pattern, new Set([0]))
  let end: number | undefined
  for (let at = begin; ; at++) {
    if (states.has(pattern.length)) {
      end = at - begin
      if (!greedy) return end
    }
    const char = chars[at]
    if (char === undefined || states.size === 0) return end
    spend(states.size)
    const next = new Set<number>()
    for (const state of states) {
      const token = pattern[state]
      if (token === undefined) continue
      if (typeof token === 'object') {
        if (token.char === char) next.add(state + 1)
      } else if (char !== '\n') next.add(token === 'one' ? state + 1 : state)
    }
    states = close(pattern, next)
  }
}

/** Adds the states that are reached by matching nothing. */
function close(pattern: Glob, states: Set<number>): Set<number> {
  for (const state of states) if (pattern[state] === 'some') states.add(state + 1)
  return states
}

/** `text` with the first match of the pattern replaced, or all of them; each is as long as can be. */
export function replaced(
  text: string,
  pattern: Glob,
  { replacement, all, spend }: { replacement: string; all: boolean; spend: Spend },
): string {
  const chars = [...text]
  let out = ''
  let from = 0
  for (let at = 0; at <= chars.length; ) {
    const length = matchEnd(pattern, chars, { begin: at, greedy: true, spend })
    if (length === undefined) at++
    else {
      out += chars.slice(from, at).join('') + replacement
      spend(replacement.length)
      from = at + length
      at = Math.max(from, at + 1)
      if (!all) break
    }
  }
  return out + chars.slice(from).join('')
}
