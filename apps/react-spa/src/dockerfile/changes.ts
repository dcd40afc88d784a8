import type { Analysis } from '@stagecraft/dockerfile'
import { holdsWords } from '../data/images.ts'
import { type ChosenChange, changeKey } from './selection.ts'
import { externalImages } from './stages.ts'

export interface Suggestion {
  key: string
  label: string
  change: ChosenChange
}

export interface SuggestionGroup {
  name: string
  items: Suggestion[]
}

const maxItems = 50

/** All that can be said to have changed: the Dockerfile's arguments and images, the context's files. */
export function allSuggestions(
  outline: Analysis | undefined,
  files: readonly string[],
): readonly SuggestionGroup[] {
  const groups: [name: string, changes: ChosenChange[]][] = [
    ['Build arguments', outline ? buildArguments(outline).map((arg) => ({ arg })) : []],
    ['Base images', outline ? externalImages(outline.edges).map((base) => ({ base })) : []],
    ['Files', files.map((path) => ({ path, what: 'content' }))],
  ]
  return groups.map(([name, changes]) => ({
    name,
    items: changes.map((change) => ({ key: changeKey(change), label: changeLabel(change), change })),
  }))
}

/** Those that hold every word of the query and are not chosen yet, at most 50 of a group. */
export function matchingSuggestions(
  groups: readonly SuggestionGroup[],
  query: string,
  chosen: readonly ChosenChange[],
): SuggestionGroup[] {
  const wanted = holdsWords(query)
  const taken = new Set(chosen.map(changeKey))
  return groups
    .map(({ name, items }) => ({
      name,
      items: items.filter(({ key, label }) => !taken.has(key) && wanted(label)).slice(0, maxItems),
    }))
    .filter(({ items }) => items.length > 0)
}

/** What changed, in the Dockerfile's own words. */
export function changeLabel(change: ChosenChange): string {
  if ('path' in change) return change.path
  if ('arg' in change) return change.arg
  return 'base' in change ? change.base : `line ${change.instruction}`
}

/** The names of all `ARG`, each once. */
function buildArguments({ instructions }: Analysis): string[] {
  const names = instructions
    .filter(({ keyword }) => keyword === 'ARG')
    .flatMap(({ text }) =>
      text
        .slice('ARG'.length)
        .replace(/"(?:\\.|[^"\\])*"|'[^']*'/g, '')
        .split(/\s+/),
    )
    .flatMap((word) => /^[A-Za-z_]\w*/.exec(word) ?? [])
  return [...new Set(names)]
}

/** Why a change cannot be asked about this Dockerfile; undefined if it can. */
export function whyUnknown(change: ChosenChange, outline: Analysis): string | undefined {
  if ('path' in change) return isContextPath(change.path) ? undefined : 'is no path in the build context'
  if ('arg' in change)
    return buildArguments(outline).includes(change.arg) ? undefined : 'is no ARG of this Dockerfile'
  if ('base' in change)
    return externalImages(outline.edges).includes(change.base) ? undefined : 'is no image of this Dockerfile'
  const { instruction: wanted } = change
  return outline.instructions.some(({ line, endLine }) => line <= wanted && wanted <= endLine)
    ? undefined
    : 'has no instruction'
}

/** Whether a path leads to something in the context, and not out of it or to the whole of it. */
function isContextPath(path: string): boolean {
  let depth = 0
  for (const part of path.split('/')) {
    if (part === '..') depth--
    else if (part !== '' && part !== '.') depth++
    if (depth < 0) return false
  }
  return depth > 0 && !path.includes('\0')
}
