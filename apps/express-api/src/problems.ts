import { STATUS_CODES } from 'node:http'
import type { SchemaProblem } from '@stagecraft/report'
import type { RequestHandler } from 'express'

type Extras = { errors?: SchemaProblem[] }

/** An answer that is an error: thrown by a handler, sent by the error handler. */
export class Problem extends Error {
  readonly status: number
  readonly extras: Extras
  readonly headers: Record<string, string>

  constructor(
    status: number,
    detail: string,
    more: { extras?: Extras; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(detail, { cause: more.cause })
    this.status = status
    this.extras = more.extras ?? {}
    this.headers = more.headers ?? {}
  }
}

export const problemType = 'application/problem+json'

/**
 * The body of an error answer, RFC 9457. The type is `about:blank`, so the title is the phrase of the status.
 * @param instance the request's path and query
 */
export function problemBody(status: number, detail: string, instance?: string, extras: Extras = {}): string {
  return JSON.stringify({
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    detail,
    instance,
    ...extras,
  })
}

/** Answers what no route took. */
export const notFound: RequestHandler = ({ baseUrl, path }) => {
  throw new Problem(404, `There is nothing at ${baseUrl}${path}`)
}

/** Answers the methods that a route does not have: 405, and OPTIONS with the ones it has. */
export function allowOnly(...methods: string[]): RequestHandler {
  const allow = [...methods, 'OPTIONS'].join(', ')
  return (request, response) => {
    if (request.method !== 'OPTIONS')
      throw new Problem(405, `${request.baseUrl}${request.path} answers only ${allow}`, {
        headers: { Allow: allow },
      })
    response.status(204).set('Allow', allow).end()
  }
}
