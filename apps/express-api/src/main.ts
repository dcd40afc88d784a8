import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'
import { createLogger } from './logger.ts'
import { loadSchema } from './reports.ts'
import { startServer } from './server.ts'
import { StartError } from './start-error.ts'
import { openStore } from './store.ts'

// Milliseconds; below the 5 s within which a container is expected to stop.
const stopDeadline = 4000

const logger = createLogger()

/**
 * Serves until SIGTERM or SIGINT; a second one ends the process at once.
 * Exit codes: 0 when every request was answered, 1 when the deadline cut some off or the service could not start,
 * 2 when a variable has a wrong value.
 */
async function main(): Promise<number> {
  const stopping = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => stopping.abort())

  const config = readConfig(process.env)
  logger.level = config.logLevel
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const about = { name: 'express-api', version, variant: config.variant, node: process.version }
  const store = openStore(config.dataDir)
  const server = await startServer(createApp({ about, logger, stopping: stopping.signal, store }), config)
  logger.info({ ...about, port: server.port, dataDir: config.dataDir }, 'listening')
  await loadSchema()

  if (!stopping.signal.aborted) await once(stopping.signal, 'abort')
  logger.info('stopping')
  const cutOff = await server.stop(stopDeadline)
  store.close()
  if (cutOff > 0) logger.error({ cutOff }, 'stopped before every request was answered')
  else logger.info('stopped')
  return cutOff > 0 ? 1 : 0
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof StartError)) throw error
  logger.fatal(error.message)
  process.exitCode = error.exitCode
}
