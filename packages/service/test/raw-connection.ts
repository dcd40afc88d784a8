import { once } from 'node:events'
import { connect } from 'node:net'

export type RawConnection = AsyncDisposable & {
  write(bytes: string | Buffer): void
  /** Everything received so far, once that matches; rejects when the connection ends without. */
  until(pattern: RegExp): Promise<string>
  /** Everything received, once the server has closed the connection. */
  closed(): Promise<string>
}

/** A TCP connection to the server, to say what an HTTP client would not. */
export async function connectRaw(port: number): Promise<RawConnection> {
  const socket = connect({ port, host: '127.0.0.1' })
  await once(socket, 'connect')
  let received = ''
  socket.setEncoding('utf8').on('data', (text) => {
    received += text
  })
  // A reset is one of the ways in which a server closes: `closed` tells.
  socket.on('error', () => {})
  const end = once(socket, 'close')

  return {
    write: (bytes) => socket.write(bytes),
    async until(pattern) {
      while (!pattern.test(received)) {
        if (socket.destroyed) throw new Error(`Closed after ${JSON.stringify(received)}`)
        await Promise.race([once(socket, 'data'), end])
      }
      return received
    },
    async closed() {
      await end
      return received
    },
    async [Symbol.asyncDispose]() {
      socket.destroy()
      await end
    },
  }
}

/** The head of a `POST` of `body` as JSON; `more` are lines of further headers. */
export function postHead(path: string, body: string, more = ''): string {
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${more}\r\n`
}

/** Begins to post `body`: the server has the request and half of the body when this returns. Answers the other half. */
export async function beginPost(connection: RawConnection, path: string, body: string): Promise<string> {
  const half = body.length >> 1
  connection.write(postHead(path, body, 'Expect: 100-continue\r\n'))
  await connection.until(/^HTTP\/1\.1 100 Continue\r\n\r\n/)
  connection.write(body.slice(0, half))
  return body.slice(half)
}
