import { STATUS_CODES } from 'node:http'

/** Members of a problem beyond those of RFC 9457. */
type Extras = Record<string, unknown>

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
