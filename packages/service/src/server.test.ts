import { describe, expect, it } from 'vitest'
import { handler } from '../test/handler.ts'
import { beginPost, connectRaw, postHead } from '../test/raw-connection.ts'
import { type Bounds, type RunningServer, startServer } from './server.ts'
import { StartError } from './start-error.ts'

const bounds: Bounds = {
  headersTimeout: 10_000,
  requestTimeout: 10_000,
  idleTimeout: 10_000,
  keepAliveTimeout: 10_000,
  checkInterval: 20,
  maxHeaderBytes: 16 * 1024,
  maxHeaders: 100,
  maxConnections: 100,
}

const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'
const body = JSON.stringify({ some: 'document' })

/** A server on a free port, stopped at the end of the scope. */
async function start(bounds?: Bounds): Promise<RunningServer & AsyncDisposable & { url: string }> {
  const server = await startServer(handler, { port: 0, host: '127.0.0.1', ...(bounds && { bounds }) })
  return {
    ...server,
    url: `http://127.0.0.1:${server.port}`,
    async [Symbol.asyncDispose]() {
      await server.stop(0)
    },
  }
}

describe('the listener', () => {
  it.each([
    ['says nothing', '', { headersTimeout: 100 }],
    ['sends half a head', 'GET / HTTP/1.1\r\nHost:', { headersTimeout: 100 }],
    ['sends half a body', `${postHead('/', body)}{`, { headersTimeout: 100, requestTimeout: 100 }],
  ])('answers 408 to a client that %s', async (_name, bytes, changes) => {
    await using server = await start({ ...bounds, ...changes })
    await using client = await connectRaw(server.port)
    client.write(bytes)
    const answer = await client.closed()
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\nConnection: close\r\n/)
    expect(answer).toMatch(/\r\nContent-Type: application\/problem\+json\r\n/)
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ status: 408 })
  })

  it.each([
    ['a flood of headers', `GET / HTTP/1.1\r\nHost: localhost\r\n${'a: b\r\n'.repeat(10_000)}\r\n`, 431],
    [
      'more headers than a client has',
      `GET / HTTP/1.1\r\nHost: localhost\r\n${'a: b\r\n'.repeat(100)}\r\n`,
      431,
    ],
    ['one huge header', `GET / HTTP/1.1\r\nHost: localhost\r\na: ${'b'.repeat(20_000)}\r\n\r\n`, 431],
    ['a long address', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`, 431],
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['a TLS greeting', '\x16\x03\x01\x02\x00', 400],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
      400,
    ],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    [
      'huge chunk extensions',
      `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1;${'a'.repeat(20_000)}\r\n{\r\n0\r\n\r\n`,
      413,
    ],
  ])('refuses %s', async (_name, bytes, status) => {
    await using server = await start(bounds)
    await using client = await connectRaw(server.port)
    client.write(bytes)
    expect(await client.closed()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect((await fetch(server.url)).status).toBe(200)
  })

  it('closes an idle connection', async () => {
    await using server = await start({ ...bounds, keepAliveTimeout: 50 })
    await using client = await connectRaw(server.port)
    client.write(get)
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('closes a connection beyond its number', async () => {
    await using server = await start({ ...bounds, maxConnections: 1 })
    await using first = await connectRaw(server.port)
    first.write(get)
    await first.until(/\r\n\r\n/)
    await using second = await connectRaw(server.port)
    expect(await second.closed()).toBe('')
  })

  it('says which address is taken', async () => {
    await using server = await start()
    const second = startServer(handler, { port: server.port, host: '127.0.0.1' })
    await expect(second).rejects.toThrow(StartError)
    await expect(second).rejects.toThrow(/EADDRINUSE.*Set PORT and HOST/)
  })

  it('listens on every address unless told', async () => {
    const server = await startServer(handler, { port: 0, host: undefined })
    expect((await fetch(`http://127.0.0.1:${server.port}`)).status).toBe(200)
    expect(await server.stop(1000)).toBe(0)
  })
})

describe('the stop', () => {
  it('finishes the request under way and closes its connection', async () => {
    await using server = await start(bounds)
    await using client = await connectRaw(server.port)
    const rest = await beginPost(client, '/', body)
    const stopped = server.stop(10_000)
    await expect(connectRaw(server.port)).rejects.toThrow('ECONNREFUSED')
    client.write(rest)
    const answer = await client.closed()
    expect(answer).toMatch(/HTTP\/1\.1 201 Created\r\n/)
    expect(answer).toMatch(/\r\nConnection: close\r\n/)
    expect(await stopped).toBe(0)
  })

  it('closes idle connections at once, also those that never said anything', async () => {
    await using server = await start(bounds)
    await using idle = await connectRaw(server.port)
    idle.write(get)
    await idle.until(/\r\n\r\n/)
    await using silent = await connectRaw(server.port)
    // Connections are accepted in order: once this one is answered, the silent one is known to the server.
    await using last = await connectRaw(server.port)
    last.write(get)
    await last.until(/\r\n\r\n/)
    expect(await server.stop(10_000)).toBe(0)
    expect(await idle.closed()).toMatch(/^HTTP\/1\.1 200 /)
    expect(await silent.closed()).toBe('')
  })

  it('answers a request that was half sent, then closes its connection', async () => {
    await using server = await start(bounds)
    await using client = await connectRaw(server.port)
    client.write(`${get}GET / HTTP/1.1\r\n`)
    await client.until(/answered/)
    const stopped = server.stop(10_000)
    client.write('Host: localhost\r\n\r\n')
    const answer = await client.closed()
    expect(answer).toMatch(/HTTP\/1\.1 200 OK\r\nConnection: close\r\n/)
    expect(await stopped).toBe(0)
  })

  it('closes a connection whose answer had begun', async () => {
    const { promise: finish, resolve } = Promise.withResolvers<void>()
    const server = await startServer(
      async (_request, response) => {
        response.write('begun')
        await finish
        response.end('ended')
      },
      { port: 0, host: '127.0.0.1', bounds },
    )
    await using client = await connectRaw(server.port)
    client.write(get)
    expect(await client.until(/begun/)).toMatch(/Connection: keep-alive/)
    const stopped = server.stop(10_000)
    resolve()
    expect(await client.closed()).toMatch(/ended/)
    expect(await stopped).toBe(0)
  })

  it('cuts off and counts what is not finished at the deadline', async () => {
    await using server = await start(bounds)
    await using client = await connectRaw(server.port)
    await beginPost(client, '/', body)
    expect(await server.stop(50)).toBe(1)
    expect(await client.closed()).toBe('HTTP/1.1 100 Continue\r\n\r\n')
  })
})
