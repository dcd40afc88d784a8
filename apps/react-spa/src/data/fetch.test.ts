import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { fetchJson, ServiceError } from './fetch.ts'

/** A server on a free port, closed at the end of the scope. */
async function serve(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`
  return { url, close, [Symbol.asyncDispose]: close }
}

async function errorOf(url: string, init?: RequestInit): Promise<unknown> {
  return fetchJson('express-api', url, init).catch((error: unknown) => error)
}

it('gives the JSON of a success', async () => {
  await using server = await serve((_request, response) => response.end('{"items":[]}'))
  expect(await fetchJson('express-api', server.url)).toEqual({ items: [] })
})

it('knows a service that is not there', async () => {
  const server = await serve(() => {})
  await server.close()
  expect(await errorOf(server.url)).toMatchObject({
    message: 'express-api does not answer.',
    unreachable: true,
    transient: true,
  })
})

it.each([
  [404, 'express-api answered 404: There is no report 7.', { unreachable: false, transient: false }],
  [429, 'express-api answered 429: There is no report 7.', { unreachable: false, transient: true }],
  [500, 'express-api answered 500: There is no report 7.', { unreachable: false, transient: true }],
  [502, 'express-api does not answer.', { unreachable: true, transient: true }],
])('reads the problem that comes with %i', async (status, message, more) => {
  await using server = await serve((_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/problem+json; charset=utf-8' })
    response.end(JSON.stringify({ status, detail: 'There is no report 7' }))
  })
  expect(await errorOf(server.url)).toMatchObject({ message, status, ...more })
})

it('shows no page of HTML for an error', async () => {
  await using server = await serve((_request, response) => {
    response.writeHead(502, { 'Content-Type': 'text/html' })
    response.end('<h1>Bad Gateway</h1>')
  })
  expect(await errorOf(server.url)).toMatchObject({
    message: 'express-api does not answer.',
    problem: undefined,
  })
})

it('tries again when a success is not JSON', async () => {
  await using server = await serve((_request, response) => response.end('<!doctype html>'))
  const error = await errorOf(server.url)
  expect(error).toBeInstanceOf(ServiceError)
  expect(error).toMatchObject({ message: 'express-api answered 200: not JSON.', transient: true })
})

it('leaves an aborted request alone', async () => {
  await using server = await serve((_request, response) => response.end('{}'))
  expect(await errorOf(server.url, { signal: AbortSignal.abort() })).toMatchObject({ name: 'AbortError' })
})
