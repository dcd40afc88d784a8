import { app, logger } from './app.ts'

const port = Number(process.env.PORT ?? 3000)

const server = app.listen(port, (error) => {
  if (error) throw error
  logger.info({ port }, 'listening')
})

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    logger.info({ signal }, 'stopping: requests in flight are finished')
    server.close(() => logger.info('stopped'))
    // A connection is idle only once its request is answered. One that is still busy after four seconds is closed.
    setInterval(() => server.closeIdleConnections(), 100).unref()
    setTimeout(() => server.closeAllConnections(), 4000).unref()
  })
}
