import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sampleReport } from '@stagecraft/report/test/sample'
import { expect, it } from 'vitest'
import { fetchReport } from './reports.ts'

const now = Date.UTC(2026, 0, 31, 12)

/** A server that answers this report, said to have changed 90 s before; closed at the end of the scope. */
async function serve() {
  const answer = { etag: 'W/"1"', report: sampleReport() as unknown }
  const server = createServer((_request, response) => {
    response.sendDate = false
    response.setHeader('Date', new Date(now).toUTCString())
    response.setHeader('Last-Modified', new Date(now - 90_000).toUTCString())
    response.setHeader('ETag', answer.etag)
    response.end(JSON.stringify(answer.report))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { answer, url, [Symbol.asyncDispose]: async () => void server.close() }
}

const { signal } = new AbortController()

it('says when a report changed by the clock of the reader, not of the server', async () => {
  await using server = await serve()
  const before = Date.now()
  const { changedAt } = await fetchReport(server.url, 1, { signal, before: undefined })
  expect(changedAt).toBeGreaterThanOrEqual(before - 90_000)
  expect(changedAt).toBeLessThanOrEqual(Date.now() - 90_000)
})

it('gives what was there before as long as it is the same', async () => {
  await using server = await serve()
  const first = await fetchReport(server.url, 1, { signal, before: undefined })
  expect(await fetchReport(server.url, 1, { signal, before: first })).toBe(first)
  server.answer.etag = 'W/"2"'
  server.answer.report = sampleReport({ state: 'running' })
  const second = await fetchReport(server.url, 1, { signal, before: first })
  expect(second).toMatchObject({ etag: 'W/"2"', report: { state: 'running' } })
})
