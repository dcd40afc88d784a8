import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** A folder of the user's own, by the XDG Base Directory Specification. */
function own(variable: string, usual: string): string {
  const set = process.env[variable] ?? ''
  return join(isAbsolute(set) ? set : join(homedir(), usual), 'stagecraft', 'workshop')
}

/** For what can be found out again. */
export const cacheFolder = (): string => own('XDG_CACHE_HOME', '.cache')

/** For what must not be lost: how far someone is. Outside the clone, which may be updated or deleted. */
export const stateFolder = (): string => own('XDG_STATE_HOME', '.local/state')

/** Where exercises are handed out. */
export const handOutFolder = (): string => join(homedir(), 'stagecraft-workshop')
