import { isIP } from 'node:net'
import { StartError } from './start-error.ts'

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const

/** What every service reads from its environment. */
export type ServiceConfig = {
  /** 0 takes any free port. */
  port: number
  /** Undefined listens on every address, IPv6 included where the host has it. */
  host: string | undefined
  logLevel: (typeof logLevels)[number]
  /** The image variant that runs, shown at `GET /`. */
  variant: string
}

/**
 * The configuration in `env`; a variable that is unset or empty has its default.
 * @throws StartError (exit code 2) naming every variable with a wrong value, the value and what is allowed.
 */
export function readServiceConfig(env: NodeJS.ProcessEnv): ServiceConfig {
  const problems: string[] = []
  const read = <T>(name: string, fallback: T, allowed: string, parse: (text: string) => T | undefined): T => {
    const text = env[name]
    if (!text) return fallback
    const value = parse(text)
    if (value === undefined) problems.push(`${name} is ${JSON.stringify(text)}, it must be ${allowed}`)
    return value ?? fallback
  }

  const config: ServiceConfig = {
    port: read('PORT', 8080, 'a port number from 0 to 65535', (text) =>
      /^\d{1,5}$/.test(text) && Number(text) <= 65535 ? Number(text) : undefined,
    ),
    host: read<string | undefined>('HOST', undefined, 'an IP address such as 127.0.0.1', (text) =>
      isIP(text) ? text : undefined,
    ),
    logLevel: read('LOG_LEVEL', 'info', `one of ${logLevels.join(', ')}`, (text) =>
      logLevels.find((level) => level === text),
    ),
    variant: read('VARIANT', 'source', 'a word of up to 32 of a-z, 0-9 and "-"', (text) =>
      /^[a-z0-9-]{1,32}$/.test(text) ? text : undefined,
    ),
  }
  if (problems.length > 0) throw new StartError(problems.join('; '), 2)
  return config
}
