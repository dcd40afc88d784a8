import { type About, type Logger, Problem, requestLog } from '@stagecraft/service'
import express, { type Express } from 'express'
import { errorHandler } from './error-handler.ts'
import { reportRoutes } from './reports.ts'
import type { Store } from './store.ts'
import { allowOnly, notFound } from './unrouted.ts'

/** The application, without a listener. Once `stopping` is aborted it is no longer ready. */
export function createApp(parts: {
  about: About
  logger: Logger
  stopping: AbortSignal
  store: Store
}): Express {
  const { about, logger, stopping, store } = parts
  const app = express()
  app.disable('x-powered-by')
  app.use(requestLog(logger))

  app
    .route('/')
    .get((_request, response) => {
      response.json(about)
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
      if (stopping.aborted) throw new Problem(503, 'Stopping')
      store.probe()
      response.json({ status: 'ready' })
    })
    .all(allowOnly('GET', 'HEAD'))

  app.use('/api', reportRoutes(store))
  app.use(notFound)
  app.use(errorHandler)
  return app
}
