import { resolve } from 'node:path'
import { readServiceConfig, type ServiceConfig } from '@stagecraft/service'

/** `dataDir` is an absolute path. */
export type Config = ServiceConfig & { dataDir: string }

/** @throws StartError naming every variable with a wrong value */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  return { ...readServiceConfig(env), dataDir: resolve(env.DATA_DIR || 'data') }
}
