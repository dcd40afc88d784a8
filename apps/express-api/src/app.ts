import { readFileSync } from 'node:fs'
import express, { type Express } from 'express'
import type { Logger } from 'pino'
import { pinoHttp } from 'pino-http'
import { allowOnly, errorHandler, notFound } from './errors.ts'
import { reportRoutes } from './reports.ts'
import type { Store } from './store.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const probes = ['/healthz', '/readyz']

export function createApp(store: Store, logger: Logger): Express {
  const app = express()
  app.disable('x-powered-by')
  app.use(
    pinoHttp({
      logger,
      customLogLevel: (_request, { statusCode }) => (statusCode >= 500 ? 'error' : 'info'),
      autoLogging: { ignore: ({ url = '' }) => probes.includes(url) },
      serializers: {
        req: ({ id, method, url }) => ({ id, method, url }),
        res: ({ statusCode }) => ({ statusCode }),
      },
    }),
  )

  app
    .route('/')
    .get((_request, response) => {
      response.json({ name: 'express-api', version })
    })
    .all(allowOnly('GET', 'HEAD'))

  app
    .route('/healthz')
    .get((_request, response) => {
      response.json({ status: 'live' })
    })
    .all(allowOnly('GET', 'HEAD'))

  app
    .route('/readyz')
    .get((_request, response) => {
      store.probe()
      response.json({ status: 'ready' })
    })
    .all(allowOnly('GET', 'HEAD'))

  app.use('/api', reportRoutes(store))
  app.use(notFound)
  app.use(errorHandler)
  return app
}
