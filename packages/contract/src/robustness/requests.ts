import type { ImageConfig } from '../image-config.ts'
import { payload } from '../routes.ts'

/** The lines of a request's head: the first line and headers; ended by an empty line. */
export function head(...lines: string[]): string {
  return `${lines.join('\r\n')}\r\n\r\n`
}

export const host = 'Host: localhost'
export const close = 'Connection: close'
const json = 'Content-Type: application/json'

/** What the requests of a case are made of. */
export interface Asked {
  /** The first line of a GET that is answered 200. */
  get: string
  /** The first lines of the head of a request with a JSON body, which is refused where the app takes none. */
  post: string[]
  /** A body that the app takes. */
  body: string
}

export function askedOf({ ready, inFlight }: Pick<ImageConfig, 'ready' | 'inFlight'>): Asked {
  const { method, path, ...rest } = inFlight ?? { method: 'POST', path: '/', body: {} }
  const { text = '', headers } = payload(rest)
  const type = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return { get: `GET ${ready} HTTP/1.1`, post: [`${method} ${path} HTTP/1.1`, host, ...type], body: text }
}

/** A request with a body that is said to be JSON, and `more` headers, after which the connection is to be closed. */
export function postJson({ post: [line = ''] }: Asked, body: string | Buffer, ...more: string[]): Buffer {
  const bytes = Buffer.from(body)
  return Buffer.concat([
    Buffer.from(
      head(line, host, close, ...(more.length > 0 ? more : [json]), `Content-Length: ${bytes.length}`),
    ),
    bytes,
  ])
}
