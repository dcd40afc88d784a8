import { endWithout } from './space.ts'

const isSlash = (char: string): boolean => char === '/'

/** A path without slashes at its end. */
export const trimEnd = (path: string): string => path.slice(0, endWithout(path, isSlash))

/** A path without slashes around it. */
export function trim(path: string): string {
  let begin = 0
  while (path[begin] === '/') begin++
  return trimEnd(path.slice(begin))
}

/** Whether `path` is `folder` or in it; all paths are in the empty one. Neither has slashes around it. */
export const isWithin = (path: string, folder: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`)
