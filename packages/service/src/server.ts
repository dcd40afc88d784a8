import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse, STATUS_CODES } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { problemBody, problemType } from './problem.ts'
import { StartError } from './start-error.ts'

/** What a client may cost the listener. Times in milliseconds. */
export type Bounds = {
  /** For the whole head of a request, from the connection or its first byte. */
  headersTimeout: number
  /** For the whole request, body included. */
  requestTimeout: number
  /** For a client that stops reading its answer. */
  idleTimeout: number
  /** Between two requests on one connection. */
  keepAliveTimeout: number
  /** How often the first two are looked at. */
  checkInterval: number
  maxHeaderBytes: number
  /** Headers of one request. */
  maxHeaders: number
  /** Further connections are closed at once. */
  maxConnections: number
}

const defaultBounds: Bounds = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  idleTimeout: 30_000,
  // Longer than the 60 s of nginx's upstream connections: the proxy closes first and never sends into a closed socket.
  keepAliveTimeout: 65_000,
  checkInterval: 2000,
  maxHeaderBytes: 16 * 1024,
  maxHeaders: 100,
  maxConnections: 512,
}

export type RunningServer = {
  port: number
  /**
   * Stops accepting, lets the requests under way finish and closes every other connection.
   * After `deadline` milliseconds it cuts what is left. Answers how many requests were cut off.
   */
  stop(deadline: number): Promise<number>
}

/**
 * Serves `handler` within `bounds`.
 * @throws StartError when the address cannot be listened on
 */
export async function startServer(
  handler: RequestListener,
  { port, host, bounds = defaultBounds }: { port: number; host: string | undefined; bounds?: Bounds },
): Promise<RunningServer> {
  const server = createServer({
    headersTimeout: bounds.headersTimeout,
    requestTimeout: bounds.requestTimeout,
    keepAliveTimeout: bounds.keepAliveTimeout,
    connectionsCheckingInterval: bounds.checkInterval,
    maxHeaderSize: bounds.maxHeaderBytes,
  })
  server.timeout = bounds.idleTimeout
  server.maxHeadersCount = bounds.maxHeaders
  server.maxConnections = bounds.maxConnections

  const sockets = new Set<Socket>()
  const answers = new Set<ServerResponse>()
  let stopping = false

  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })

  server.on('request', (_request, response) => {
    answers.add(response)
    if (stopping) response.setHeader('Connection', 'close')
    response.once('close', () => {
      answers.delete(response)
      // Its head may have gone out before the stop, promising to keep the connection.
      if (stopping) server.closeIdleConnections()
    })
  })

  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const begun = [...answers].some((answer) => answer.socket === socket && answer.headersSent)
    if (begun || !socket.writable) socket.destroy()
    else socket.end(refusal(error.code), () => socket.destroy())
  })

  server.on('request', handler)

  server.listen({ port, host })
  try {
    await once(server, 'listening')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(`Cannot listen: ${reason}. Set PORT and HOST to an address that is free here`, 1, {
      cause: error,
    })
  }

  return {
    port: (server.address() as AddressInfo).port,

    async stop(deadline) {
      stopping = true
      const closed = once(server, 'close')
      server.close()
      for (const answer of answers) if (!answer.headersSent) answer.setHeader('Connection', 'close')
      // Node counts a connection that has not said anything yet as a request under way.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()

      let cutOff = 0
      const timer = setTimeout(() => {
        cutOff = answers.size
        for (const socket of sockets) socket.destroy()
      }, deadline)
      await closed
      clearTimeout(timer)
      return cutOff
    },
  }
}

const refusals: Record<string, [status: number, detail: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to arrive'],
  HPE_HEADER_OVERFLOW: [431, 'The head of the request is too large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunk extensions are too large'],
}

/** The answer, as bytes on the wire, to a request that never got as far as a handler. */
function refusal(code: string | undefined): string {
  const [status, detail] = refusals[code ?? ''] ?? [400, 'The request is not HTTP']
  const body = problemBody(status, detail)
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n')
}
