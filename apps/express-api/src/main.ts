import { createLogger, readAbout, runService, startServer } from '@stagecraft/service'
import { createApp } from './app.ts'
import { readConfig } from './config.ts'
import { loadSchema } from './reports.ts'
import { openStore } from './store.ts'

const logger = createLogger('express-api')

await runService(logger, async (stopping) => {
  const config = readConfig(process.env)
  logger.level = config.logLevel
  const about = readAbout('express-api', config.variant, new URL('../package.json', import.meta.url))
  const store = openStore(config.dataDir)
  const server = await startServer(createApp({ about, logger, stopping, store }), config)
  logger.info({ ...about, port: server.port, dataDir: config.dataDir }, 'listening')
  await loadSchema()

  return {
    async stop(deadline) {
      const cutOff = await server.stop(deadline)
      store.close()
      return cutOff
    },
  }
})
