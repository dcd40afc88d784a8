import closeWithGrace from 'close-with-grace'
import { cleanEnv, port, str } from 'envalid'
import { pino } from 'pino'
import { createApp } from './app.ts'

const env = cleanEnv(process.env, {
  PORT: port({ default: 8080 }),
  HOST: str({ default: '', desc: 'address to listen on; empty is all, IPv4 and IPv6' }),
  LOG_LEVEL: str({ default: 'info', choices: ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] }),
})

const app = await createApp({
  // At once: when the process ends, pino would lose what a slow reader has not taken yet.
  logger: { level: env.LOG_LEVEL, stream: pino.destination({ sync: true }) },
  requestTimeout: 30_000,
  http: { headersTimeout: 10_000, connectionsCheckingInterval: 5_000 },
})

closeWithGrace({ delay: 4500, logger: app.log }, async ({ err }) => {
  if (err) app.log.error(err)
  // A request that does not end must not keep the process: Docker kills it after ten seconds.
  setTimeout(() => app.server.closeAllConnections(), 4000)
  await app.close()
})

await app.listen({ port: env.PORT, host: env.HOST })
