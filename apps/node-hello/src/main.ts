import { app, logger } from './app.ts'

const port = Number(process.env.PORT ?? 3000)

const server = app.listen(port, (error) => {
  if (error) throw error
  logger.info({ port }, 'listening')
})

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    logger.info({ signal }, 'stopping: finishing the requests in flight')
    server.close(() => logger.info('stopped'))
    // A client that is still sending or reading by then is cut off.
    setTimeout(() => server.closeAllConnections(), 4000).unref()
  })
}
