import { createServer } from 'node:http'
import { cleanEnv, port, str } from 'envalid'
import gracefulShutdown from 'http-graceful-shutdown'
import { pino } from 'pino'
import { createApp } from './app.ts'
import { openStore } from './store.ts'

const env = cleanEnv(process.env, {
  PORT: port({ default: 8080 }),
  HOST: str({ default: '', desc: 'address to listen on; empty is all, IPv4 and IPv6' }),
  LOG_LEVEL: str({ default: 'info', choices: ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] }),
  DATA_DIR: str({ default: 'data' }),
})

// At once: when the process ends, pino would lose what a slow reader has not taken yet.
const logger = pino({ level: env.LOG_LEVEL }, pino.destination({ sync: true }))
const store = openStore(env.DATA_DIR)
const server = createServer(
  {
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    connectionsCheckingInterval: 5_000,
    // Longer than nginx keeps its connections to an upstream server: it must be the one that closes.
    keepAliveTimeout: 65_000,
  },
  createApp(store, logger),
)

server.listen(env.PORT, env.HOST, () => logger.info(server.address(), 'listening'))

gracefulShutdown(server, {
  timeout: 4000,
  onShutdown: async (signal) => {
    store.close()
    logger.info({ signal }, 'stopped')
  },
})
