import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Analysis, analyze, type Change } from '@stagecraft/dockerfile'

/** A Dockerfile on the disk, and how it is built. */
export interface DockerfileToRead {
  /** Absolute, as `context`. */
  path: string
  context: string
  stage?: string | undefined
  args?: Record<string, string> | undefined
}

/**
 * What a Dockerfile lets expect after changes, with the ignore file that BuildKit takes: the Dockerfile's own, else that
 * of the context.
 * @throws Error when it cannot be read; DockerfileError as `analyze`
 */
export async function analyzeFile(
  { path, context, stage, args }: DockerfileToRead,
  changed: readonly Change[],
): Promise<Analysis> {
  const read = (file: string) => readFile(file, 'utf8').catch(() => undefined)
  const ignored = (await read(`${path}.dockerignore`)) ?? (await read(join(context, '.dockerignore')))
  return analyze(await readFile(path, 'utf8'), {
    ...(stage && { target: stage }),
    ...(args && { args }),
    dockerignore: ignored ?? '',
    changed,
  })
}

/** Without the flags of RUN, which say how it is run; cut where the report's schema wants it. */
export function inOneLine(text: string): string {
  const line = text.replaceAll(/\\\n\s*|\s+/g, ' ')
  return line.replace(/^RUN (--\S+ )+/, 'RUN ').slice(0, 200)
}
