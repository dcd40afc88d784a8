import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from './process.ts'

const work = join(root, '.cache/bases')

/** The next act when a root, a download or a build has failed. */
export const again = 'Check the network and the free disk space, then run this again.'

/** @returns a new folder. Its name is its own: a run that was killed may have left children that still write to theirs. */
export async function makeWorkFolder(name: string): Promise<string> {
  await mkdir(work, { recursive: true })
  return mkdtemp(join(work, `${name}-`))
}

/** Removes what this run and those before it have left. */
export async function removeWork(): Promise<void> {
  await rm(work, { recursive: true, force: true })
}
