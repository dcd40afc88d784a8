import { expect } from 'vitest'
import { createApp } from '../src/app.ts'

export type Service = AsyncDisposable & { url: string }

/** The whole service in this process, on a free port, stopped at the end of the scope. */
export async function startService(): Promise<Service> {
  const app = await createApp()
  return {
    url: await app.listen({ port: 0, host: '127.0.0.1' }),
    async [Symbol.asyncDispose]() {
      app.server.closeAllConnections()
      await app.close()
    },
  }
}

type Problem = { detail: string; errors?: { path: string; message: string }[]; [member: string]: unknown }

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
