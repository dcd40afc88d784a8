import { describe, expect, it } from 'vitest'
import { keepLogs } from '../test/logs.ts'
import { requestLog } from './request-log.ts'
import { startServer } from './server.ts'

/** A server that answers every request with `status` and logs it, stopped at the end of the scope. */
async function start(status = 200) {
  const { logger, logged } = keepLogs()
  const log = requestLog(logger)
  const server = await startServer(
    (request, response) => {
      log(request, response)
      response.writeHead(status).end()
    },
    { port: 0, host: '127.0.0.1' },
  )
  return {
    url: `http://127.0.0.1:${server.port}`,
    logged,
    async [Symbol.asyncDispose]() {
      await server.stop(0)
    },
  }
}

describe('the log', () => {
  it('has a line for a request but none for a healthy probe', async () => {
    await using server = await start()
    await fetch(`${server.url}/healthz`)
    await fetch(`${server.url}/readyz`)
    await fetch(`${server.url}/api`)
    await expect.poll(() => server.logged.length).toBeGreaterThan(0)
    expect(server.logged).toMatchObject([
      {
        level: 30,
        msg: 'request completed',
        req: { method: 'GET', url: '/api' },
        res: { statusCode: 200 },
      },
    ])
  })

  it.each([
    ['/readyz', 503, 40],
    ['/', 503, 50],
    ['/', 404, 30],
  ])('has a line for %s when it answers %i, at level %i', async (path, status, level) => {
    await using server = await start(status)
    await fetch(server.url + path)
    await expect.poll(() => server.logged).toMatchObject([{ level, res: { statusCode: status } }])
  })

  it('takes over a plain request id', async () => {
    await using server = await start()
    const response = await fetch(server.url, { headers: { 'X-Request-Id': 'abc-1.2:3_4' } })
    expect(response.headers.get('X-Request-Id')).toBe('abc-1.2:3_4')
    await expect.poll(() => server.logged).toMatchObject([{ req: { id: 'abc-1.2:3_4' } }])
  })

  it.each(['a b', '"}', 'x'.repeat(129), ''])('replaces the request id %j by its own', async (id) => {
    await using server = await start()
    const response = await fetch(server.url, { headers: { 'X-Request-Id': id } })
    expect(response.headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/)
  })
})
