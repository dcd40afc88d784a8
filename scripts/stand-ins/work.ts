import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../process.ts'

const work = join(root, '.cache/bases')

/** The next act when a root, a download or a build has failed. */
export const again = 'Check the network and the free disk space, then run this again.'

/** @returns a new folder, which begins with the number of this process: so a later run knows whose it is. */
export async function makeWorkFolder(name: string): Promise<string> {
  await mkdir(work, { recursive: true })
  return mkdtemp(join(work, `${process.pid}-${name}-`))
}

/** Removes what this run has left, and what those have that are no more. Another run that goes on keeps its own. */
export async function removeWork(): Promise<void> {
  for (const name of await readdir(work).catch(() => [])) {
    const pid = Number.parseInt(name, 10)
    if (pid === process.pid || !isRunning(pid)) await rm(join(work, name), { recursive: true, force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
