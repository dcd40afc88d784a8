import type { Analysis } from '@stagecraft/dockerfile'
import type { ChosenChange } from './selection.ts'
import { externalImages } from './stages.ts'
import { buildArguments } from './suggestions.ts'

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
