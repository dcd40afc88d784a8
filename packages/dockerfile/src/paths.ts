/** A path without slashes around it. */
export const trim = (path: string): string => path.replace(/^\/+|\/+$/g, '')

/** Whether `path` is `folder` or in it; all paths are in the empty one. Neither has slashes around it. */
export const isWithin = (path: string, folder: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`)
