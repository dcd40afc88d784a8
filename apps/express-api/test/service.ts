import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { expect } from 'vitest'
import { createApp } from '../src/app.ts'
import { openStore, type Store } from '../src/store.ts'
import { temporaryDirectory } from './temporary-directory.ts'

export type Service = AsyncDisposable & {
  url: string
  dataDir: string
  store: Store
  /** What was logged, parsed. */
  logged: Record<string, unknown>[]
}

/** The whole service in this process, on a free port and an empty directory, stopped at the end of the scope. */
export async function startService(): Promise<Service> {
  const directory = temporaryDirectory()
  const logged: Record<string, unknown>[] = []
  const logger = pino({ level: 'info' }, { write: (line) => logged.push(JSON.parse(line)) })
  const store = openStore(directory.path)
  const server = createApp(store, logger).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    dataDir: directory.path,
    store,
    logged,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
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

type Problem = { detail: string; errors?: { path: string; message: string }[] }

/** Holds a response against RFC 9457 and answers its body. */
export async function expectProblem(
  response: Response,
  status: number,
  detail?: string | RegExp,
): Promise<Problem> {
  const problem = (await response.json()) as Problem
  expect(response.headers.get('Content-Type')).toMatch(/^application\/problem\+json\b/)
  expect(problem).toMatchObject({
    type: 'about:blank',
    title: response.statusText,
    status,
    detail: expect.stringMatching(detail ?? /./),
    instance: response.url.replace(/^http:\/\/[^/]+/, ''),
  })
  expect(response.status).toBe(status)
  return problem
}
