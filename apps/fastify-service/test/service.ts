import { type RunningServer, startServer } from '@stagecraft/service'
import { keepLogs } from '@stagecraft/service/test/logs'
import { createApp } from '../src/app.ts'

export type Service = AsyncDisposable & {
  url: string
  server: RunningServer
  stopping: AbortController
  /** What was logged, parsed. */
  logged: Record<string, unknown>[]
}

/** The whole service in this process, on a free port, stopped at the end of the scope. */
export async function startService(): Promise<Service> {
  const { logger, logged } = keepLogs()
  const stopping = new AbortController()
  const about = { name: 'fastify-service', version: '1.2.3', variant: 'source', node: process.version }
  const app = await createApp({ about, logger, stopping: stopping.signal })
  const server = await startServer(app, { port: 0, host: '127.0.0.1' })
  return {
    url: `http://127.0.0.1:${server.port}`,
    server,
    stopping,
    logged,
    async [Symbol.asyncDispose]() {
      await server.stop(0)
    },
  }
}
