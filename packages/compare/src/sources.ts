import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BakeImage } from '@stagecraft/contract'
import type { Report } from '@stagecraft/report'
import { execa } from 'execa'

/**
 * What images were built from: their Dockerfiles, `.dockerignore`, and the names of the repository's files. There are no
 * names where `root` is no git checkout.
 */
export async function readSources(
  root: string,
  images: readonly BakeImage[],
): Promise<Required<Pick<Report, 'dockerfiles' | 'context'>>> {
  const read = (path: string) => readFile(join(root, path), 'utf8')
  const paths = [...new Set(images.map(({ dockerfile }) => dockerfile))]
  const dockerfiles = await Promise.all(paths.map(async (path) => ({ path, text: await read(path) })))
  const listed = await execa('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    reject: false,
  })
  const files = listed.failed ? [] : listed.stdout.split('\0').filter(Boolean).slice(0, 5000)
  return { dockerfiles, context: { dockerignore: await read('.dockerignore'), files } }
}
