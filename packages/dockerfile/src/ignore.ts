import { posix } from 'node:path'
import type { Budget } from './budget.ts'
import { trim } from './paths.ts'
import { compilePattern, isPattern, matches, type Pattern } from './pattern.ts'

interface Rule {
  /** `!`: what matches is in the context after all. */
  exception: boolean
  /** The path itself where it has no wildcard. */
  path: string
  pattern?: Pattern
}

export type Rules = readonly Rule[]

/**
 * The rules of a `.dockerignore`: one a line, `#` lines are comments, the last that matches decides.
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function readIgnore(text: string, budget: Budget): Rules {
  const lines = text.replace(/^\uFEFF/, '').split('\n')
  budget.spend(64 * lines.length)
  return lines
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .flatMap((line) => {
      const exception = line.startsWith('!')
      return rule(exception ? line.slice(1).trim() : line, exception)
    })
}

/** The rules of `--exclude` flags. */
export const excludeRules = (patterns: readonly string[]): Rules =>
  patterns.flatMap((each) => rule(each, false))

function rule(text: string, exception: boolean): Rule[] {
  const path = trim(posix.normalize(text))
  if (path === '') return []
  return [
    { exception, path, ...(isPattern(path) && { pattern: compilePattern(path, { doubleStar: true }) }) },
  ]
}

/**
 * Whether the rules leave `path` out. They are asked about each folder on the way to it, from the top: what matches a
 * folder matches all in it, and an exception only counts where something was left out before.
 * @param path relative, with `/` between folders
 * @see https://github.com/moby/patternmatcher MatchesUsingParentResults
 */
export function isIgnored(rules: Rules, path: string, budget: Budget): boolean {
  const folders = path.split('/')
  const matched = new Array<boolean>(rules.length).fill(false)
  let ignored = false
  for (let depth = 1; depth <= folders.length; depth++) {
    const here = folders.slice(0, depth).join('/')
    ignored = false
    for (const [index, { exception, path: wanted, pattern }] of rules.entries()) {
      budget.spend(pattern ? pattern.length * here.length : 1)
      if (!matched[index]) {
        if (exception !== ignored) continue
        matched[index] = pattern ? matches(pattern, here) : here === wanted
      }
      if (matched[index]) ignored = !exception
    }
  }
  return ignored
}
