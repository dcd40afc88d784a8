import type { Report } from '@stagecraft/report/schema'

/** What a build of one of a report's Dockerfiles is given: a folder, its .dockerignore, and its files as COPY names them. */
export function buildContext(
  { context }: Pick<Report, 'context'>,
  dockerfile: NonNullable<Report['dockerfiles']>[number],
): { path: string; dockerignore: string; files: string[] } {
  const { dockerignore = '', files = [] } = context ?? {}
  if (!dockerfile.context) return { path: '.', dockerignore, files }
  const folder = `${dockerfile.context.path}/`
  return {
    ...dockerfile.context,
    files: files.filter((file) => file.startsWith(folder)).map((file) => file.slice(folder.length)),
  }
}
