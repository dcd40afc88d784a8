import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BakeImage } from '@stagecraft/engine'
import type { Report } from '@stagecraft/report'
import { execa } from 'execa'

/**
 * What images were built from: their Dockerfiles, what these leave out of their build contexts, and the names of the
 * repository's files. There are no names where `root` is no git checkout.
 */
export async function readSources(
  root: string,
  images: readonly BakeImage[],
): Promise<Required<Pick<Report, 'dockerfiles' | 'context'>>> {
  const read = (path: string) => readFile(join(root, path), 'utf8')
  const contexts = new Map(images.map(({ dockerfile, context }) => [dockerfile, context]))
  const dockerfiles = await Promise.all(
    Array.from(contexts, async ([path, context]) => ({
      path,
      text: await read(path),
      ...(context !== '.' && {
        context: { path: context, dockerignore: await read(join(context, '.dockerignore')) },
      }),
    })),
  )
  const listed = await execa('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    reject: false,
  })
  const files = listed.failed ? [] : listed.stdout.split('\0').filter(Boolean).slice(0, 5000)
  return { dockerfiles, context: { dockerignore: await read('.dockerignore'), files } }
}
