import { readServiceConfig } from '../src/config.ts'
import { createLogger } from '../src/logger.ts'
import { runService } from '../src/run.ts'
import { startServer } from '../src/server.ts'
import { handler } from './handler.ts'

const logger = createLogger('sample')

await runService(logger, async () => {
  const config = readServiceConfig(process.env)
  logger.level = config.logLevel
  const server = await startServer(handler, config)
  logger.info({ port: server.port }, 'listening')
  return server
})
