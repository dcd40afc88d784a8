/** Where the APIs are. The server makes it from its environment, so that one build runs anywhere. */
export interface Config {
  /** The image variant that serves this page. */
  variant: string
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
  const { variant, reports, analyzer } = value as Record<string, unknown>
  return [variant, reports, analyzer].every((each) => typeof each === 'string')
}
