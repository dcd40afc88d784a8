import { createLogger, readAbout, readServiceConfig, runService, startServer } from '@stagecraft/service'
import { createApp } from './app.ts'

const logger = createLogger('fastify-service')

await runService(logger, async (stopping) => {
  const config = readServiceConfig(process.env)
  logger.level = config.logLevel
  const about = readAbout('fastify-service', config.variant, new URL('../package.json', import.meta.url))
  const server = await startServer(await createApp({ about, logger, stopping }), config)
  logger.info({ ...about, port: server.port }, 'listening')
  return server
})
