import { type RunningServer, startServer } from '@stagecraft/service'
import { keepLogs } from '@stagecraft/service/test/logs'
import { createApp } from '../src/app.ts'
import { openStore, type Store } from '../src/store.ts'
import { temporaryDirectory } from './temporary-directory.ts'

export type Service = AsyncDisposable & {
  url: string
  dataDir: string
  store: Store
  server: RunningServer
  stopping: AbortController
  /** What was logged, parsed. */
  logged: Record<string, unknown>[]
}

/** The whole service in this process, on a free port and an empty directory, stopped at the end of the scope. */
export async function startService(): Promise<Service> {
  const directory = temporaryDirectory()
  const { logger, logged } = keepLogs()
  const stopping = new AbortController()
  const store = openStore(directory.path)
  const about = { name: 'express-api', version: '1.2.3', variant: 'source', node: process.version }
  const app = createApp({ about, logger, stopping: stopping.signal, store })
  const server = await startServer(app, { port: 0, host: '127.0.0.1' })
  return {
    url: `http://127.0.0.1:${server.port}`,
    dataDir: directory.path,
    store,
    server,
    stopping,
    logged,
    async [Symbol.asyncDispose]() {
      await server.stop(0)
      store.close()
      directory[Symbol.dispose]()
    },
  }
}

/** Posts `report` and answers the response. */
export function post(url: string, report: unknown): Promise<Response> {
  return send('POST', `${url}/api/reports`, report)
}

/** Puts `report` in place of the one of that id and answers the response. */
export function put(url: string, id: number | string, report: unknown): Promise<Response> {
  return send('PUT', `${url}/api/reports/${id}`, report)
}

function send(method: string, url: string, report: unknown): Promise<Response> {
  return fetch(url, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(report),
  })
}

/** The JSON that a GET of `url` answers. */
export async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url)
  return (await response.json()) as T
}
