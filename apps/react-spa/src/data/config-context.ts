import { createContext, use } from 'react'
import type { Config } from '../config.ts'

export const ConfigContext = createContext<Config | undefined>(undefined)

/** Where the APIs are. */
export function useConfig(): Config {
  const config = use(ConfigContext)
  if (!config) throw new Error('useConfig() outside of ConfigGate')
  return config
}
