import type { Analysis } from '@stagecraft/dockerfile'
import { holdsWords } from '../data/words.ts'
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
export function buildArguments({ instructions }: Analysis): string[] {
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
