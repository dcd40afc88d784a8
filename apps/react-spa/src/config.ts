import { createContext, use } from 'react'

/** Where the APIs are. The server makes it from its environment, so that one build runs anywhere. */
export interface Config {
  /** Base URL of express-api, without a trailing slash; '' is the page's own origin. */
  reports: string
  /** Base URL of fastify-service, likewise. */
  analyzer: string
}

/** @throws Error that says what is wrong with `/config.json` */
export async function loadConfig(): Promise<Config> {
  const response = await fetch('/config.json')
  if (!response.ok) throw new Error(`/config.json answered ${response.status}.`)
  const value: unknown = await response.json().catch(() => undefined)
  if (!isConfig(value)) throw new Error('/config.json does not say where the APIs are.')
  return value
}

function isConfig(value: unknown): value is Config {
  if (typeof value !== 'object' || value === null) return false
  const { reports, analyzer } = value as Record<string, unknown>
  return [reports, analyzer].every((each) => typeof each === 'string')
}

export const ConfigContext = createContext<Config | undefined>(undefined)

/** Where the APIs are. */
export function useConfig(): Config {
  const config = use(ConfigContext)
  if (!config) throw new Error('useConfig() outside of ConfigGate')
  return config
}
