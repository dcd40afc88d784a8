import { posix } from 'node:path'
import type { Budget } from './budget.ts'
import { trimEnd } from './paths.ts'
import { compilePattern, isPattern, matches, type Pattern } from './pattern.ts'
import { trimSpace } from './space.ts'

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
  budget.spend(8 * lines.length)
  return lines
    .filter((line) => !line.startsWith('#'))
    .map(trimSpace)
    .filter((line) => line !== '')
    .map((line) => {
      const exception = line.startsWith('!')
      const path = trimEnd(posix.normalize(exception ? trimSpace(line.slice(1)) : line))
      return (exception ? '!' : '') + (path.length > 1 && path.startsWith('/') ? path.slice(1) : path)
    })
    .flatMap(rule)
}

/** The rules of `--exclude` flags. */
export const excludeRules = (patterns: readonly string[]): Rules => patterns.flatMap(rule)

function rule(text: string): Rule[] {
  const line = trimEnd(posix.normalize(trimSpace(text)))
  const exception = line.startsWith('!')
  const path = exception ? line.slice(1) : line
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
  if (rules.length === 0) return false
  const matched = new Array<boolean>(rules.length).fill(false)
  let ignored = false
  for (let slash = path.indexOf('/'); ; slash = path.indexOf('/', slash + 1)) {
    const here = slash < 0 ? path : path.slice(0, slash)
    ignored = false
    for (const [index, { exception, path: wanted, pattern }] of rules.entries()) {
      budget.spend(1)
      if (!matched[index]) {
        if (exception !== ignored) continue
        matched[index] = pattern ? matches(pattern, here, budget) : here === wanted
      }
      if (matched[index]) ignored = !exception
    }
    if (slash < 0) return ignored
  }
}

/** Whether an exception may let in something of a folder that is left out: the folder is in the context then, too. */
export function mayHoldExceptions(rules: Rules, folder: string, budget: Budget): boolean {
  const depth = folder.split('/').length
  return rules.some(({ exception, path }) => {
    if (!exception) return false
    budget.spend(1 + (path.length >> 4))
    const above = path.split('/').slice(0, depth)
    if (above.some((each) => each.includes('**'))) return true
    const head = above.join('/')
    return (
      above.length === depth && path.length > head.length && matches(compilePattern(head), folder, budget)
    )
  })
}
