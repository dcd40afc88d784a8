import { connect, type Socket } from 'node:net'
import { Readable } from 'node:stream'
import { within } from '@stagecraft/engine'

/** Milliseconds that a server has to answer or to close, and then to say more or to close. */
const patience = 10_000
const rest = 2000

/** What a server did with a connection. */
export interface Outcome {
  /** Status codes in the order of the responses, those below 200 left out. */
  statuses: number[]
  received: string
  /** Whether the server closed the connection. */
  closed: boolean
}

/** A TCP connection on which what was received is kept. */
export interface Connection extends Disposable {
  socket: Socket
  received(): string
  closed: Promise<true>
}

/** Opens one, which is closed already where nobody listens any more. */
export async function open(url: string): Promise<Connection> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port) })
  let received = ''
  const closed = new Promise<true>((resolve) => socket.once('close', () => resolve(true)))
  socket.setEncoding('latin1').on('data', (text) => {
    received += text
  })
  // A server may close with a reset, and in the middle of what it is sent.
  socket.on('error', () => {})
  await Promise.race([new Promise<void>((resolve) => socket.once('connect', resolve)), closed])
  return { socket, received: () => received, closed, [Symbol.dispose]: () => void socket.destroy() }
}

/** Sends bytes over a connection of their own, and waits for answers until the server closes it or has no more to say. */
export async function exchange(url: string, bytes: Iterable<string | Buffer>): Promise<Outcome> {
  using connection = await open(url)
  const { socket } = connection
  Readable.from(bytes).pipe(socket, { end: false })
  const statuses = () =>
    [...connection.received().matchAll(/HTTP\/1\.[01] ([2-5]\d\d)\b/g)].map(([, status]) => Number(status))
  const answered = new Promise<true>((resolve) =>
    socket.on('data', () => statuses().length > 0 && resolve(true)),
  )
  await within(patience, Promise.race([answered, connection.closed]))
  const closed = (await within(statuses().length > 0 ? rest : 0, connection.closed)) ?? false
  return { statuses: statuses(), received: connection.received(), closed }
}

/**
 * What a server may do: `refused` by a 4xx, 501 or 505 and nothing after it, or by closing the connection; `served` by
 * 200; `survived` by anything but a failure of its own.
 */
export type Expected = 'refused' | 'served' | 'survived'

/** @returns undefined when the server did as expected */
export function problemOf({ statuses, closed }: Outcome, expected: Expected): string | undefined {
  const [first, ...more] = statuses
  if (first === undefined)
    return closed
      ? expected === 'served'
        ? 'was not answered'
        : undefined
      : `was neither answered nor its connection closed within ${patience / 1000} s`
  const asExpected = {
    refused: isRefusal(first) && more.length === 0,
    served: statuses.every((status) => status === 200),
    survived: statuses.every((status) => status < 500 || isRefusal(status)),
  }
  return asExpected[expected] ? undefined : `was answered ${statuses.join(', ')}`
}

/** 501 and 505 say that the server does not know the method, the encoding or the version. */
export function isRefusal(status: number): boolean {
  return (status >= 400 && status < 500) || status === 501 || status === 505
}

/** @returns undefined when a GET is answered 200, over a connection that does not stay */
export async function problemOfGet(url: string, path: string): Promise<string | undefined> {
  const outcome = await exchange(url, [
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
  ])
  const problem = problemOf(outcome, 'served')
  return problem && `GET ${path} ${problem}`
}
