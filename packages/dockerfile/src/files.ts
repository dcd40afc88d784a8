import { posix } from 'node:path'
import type { Budget } from './budget.ts'
import { isUnknown } from './expand.ts'
import { excludeRules, isIgnored } from './ignore.ts'
import { isWithin, trim } from './paths.ts'
import { compilePattern, isPattern, matches } from './pattern.ts'
import type { Landing, Source } from './step.ts'

/** A path, without slashes around it, of which something is different, or perhaps is. */
export interface Touched {
  /** Empty for all there is. */
  path: string
  certain: boolean
  /** It is only there through a symbolic link at this path: what does not follow the link does not see it. */
  link?: string
  /** Only its mode is different. */
  mode?: boolean
}

/** Files that are different: those listed, or nobody can say which. */
export type Difference = readonly Touched[] | 'anything'

export interface Hit {
  touched: Touched
  /** What the source itself matched: the touched path, or a folder above it. */
  matched: string
  certain: boolean
}

/** Those of the touched paths that a source takes along. */
export function hits(
  source: Source,
  exclude: readonly string[],
  difference: readonly Touched[],
  budget: Budget,
): Hit[] {
  const wanted = source.path
  const pattern = source.wildcards && isPattern(wanted) ? compilePattern(wanted) : undefined
  const rules = excludeRules(exclude)
  return difference.flatMap((touched): Hit[] => {
    const { path, link } = touched
    budget.spend(1 + (path.length >> 4))
    if (isUnknown(wanted) || path === '') return [{ touched, matched: '', certain: false }]
    let matched: string | undefined
    let certain = touched.certain
    if (pattern) {
      const depth = wanted.split('/').length
      const folders = path.split('/')
      const head = folders.slice(0, depth).join('/')
      if (folders.length < depth) {
        // A touched folder above: something in it may match.
        if (!matches(compilePattern(wanted.split('/').slice(0, folders.length).join('/')), path, budget))
          return []
        certain = false
      } else if (!matches(pattern, head, budget)) return []
      matched = head
    } else if (isWithin(path, wanted)) matched = wanted
    else if (isWithin(wanted, path)) {
      matched = path
      certain = false
    }
    if (matched === undefined) return []
    if (link !== undefined && !isWithin(matched, link)) return []
    if (rules.length > 0) {
      const within = path === matched ? posix.basename(path) : path.slice(matched ? matched.length + 1 : 0)
      if (isIgnored(rules, within, budget)) {
        // What a wildcard matches is looked at, if only to be left out.
        if (!pattern || path !== matched) return []
        certain = false
      }
    }
    return [{ touched, matched, certain }]
  })
}

/**
 * Where a taken file ends up, and how sure it is that it is different there.
 * @see https://docs.docker.com/reference/dockerfile/#copy
 */
export function land({ touched, matched, certain }: Hit, landing: Landing): Touched {
  const { destination } = landing
  const sure = certain && !(touched.mode && landing.modes)
  const there = trim(posix.normalize(destination))
  const mode = touched.mode ? { mode: true } : {}
  if (landing.unpacks || isUnknown(destination) || touched.path === '')
    return { path: there, certain: false, ...mode }
  if (landing.parents) return { path: join(there, touched.path), certain: sure, ...mode }
  if (touched.path === matched) {
    const path = destination.endsWith('/') ? join(there, posix.basename(matched)) : there
    return { path, certain: sure, ...mode }
  }
  return { path: join(there, touched.path.slice(matched ? matched.length + 1 : 0)), certain: sure, ...mode }
}

const join = (folder: string, path: string): string => (folder ? `${folder}/${path}` : path)
