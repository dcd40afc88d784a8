import type { Stage } from '@stagecraft/dockerfile'
import type { ImageReport, Report } from '@stagecraft/report/schema'
import { findStage, stageTarget } from './stages.ts'

/** The images that are built from this stage of this file. */
export function imagesOf(
  images: readonly ImageReport[],
  file: string,
  stages: readonly Stage[],
  stage: Stage,
): ImageReport[] {
  return images.filter(
    ({ dockerfile }) =>
      dockerfile?.path === file && findStage(stages, dockerfile.target)?.index === stage.index,
  )
}

/**
 * The command that builds a stage: bake's where an image is made of it, which has its arguments and labels.
 * @param file undefined for a text that is in no file of the repository
 */
export function buildCommand(parts: {
  images: readonly ImageReport[]
  file: string | undefined
  context: string | undefined
  stages: readonly Stage[]
  stage: Stage
}): string {
  const { images, file, context = '.', stages, stage } = parts
  const made = file === undefined ? [] : imagesOf(images, file, stages, stage)
  if (made.length > 0)
    return `docker buildx bake ${made.map(({ app, variant }) => `${app}-${variant}`).join(' ')}`
  const from = file === undefined ? [] : ['--file', quote(file)]
  const target = stage === stages.at(-1) ? [] : ['--target', quote(stageTarget(stages, stage))]
  return ['docker build', ...from, ...target, quote(context)].join(' ')
}

/** One word of a POSIX shell. */
const quote = (word: string): string =>
  /^[\w./@:+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`

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
