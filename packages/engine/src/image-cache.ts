import { access, constants, mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * Where what is found in images is remembered: a directory of the user's own, so that another clone finds it too, else
 * one of this clone. Undefined when neither can be written.
 */
export async function cacheDirectory(): Promise<string | undefined> {
  const { XDG_CACHE_HOME = '' } = process.env
  const home = join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache')
  const user = join(isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : home, 'stagecraft/layers')
  const clone = join(import.meta.dirname, '../../../.cache/layers')
  for (const directory of [user, clone]) if (await isWritable(directory)) return directory
  return undefined
}

async function isWritable(directory: string): Promise<boolean> {
  try {
    await mkdir(directory, { recursive: true })
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}
