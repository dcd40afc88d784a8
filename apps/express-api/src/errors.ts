import { STATUS_CODES } from 'node:http'
import type { ErrorRequestHandler, RequestHandler } from 'express'
import createError from 'http-errors'
import { isStorageFailure } from './store.ts'

export const notFound: RequestHandler = ({ baseUrl, path }) => {
  throw createError(404, `There is nothing at ${baseUrl}${path}`)
}

/** Answers the methods that a route does not have: 405, and OPTIONS with the ones it has. Comes last in a route. */
export function allowOnly(...methods: string[]): RequestHandler {
  const allow = [...methods, 'OPTIONS'].join(', ')
  return ({ method, baseUrl, path }, response) => {
    if (method !== 'OPTIONS')
      throw createError(405, `${baseUrl}${path} answers only ${allow}`, { headers: { Allow: allow } })
    response.set('Allow', allow).sendStatus(204)
  }
}

/** Answers an error with a problem document, RFC 9457. What failed in here is logged, and not told. */
export const errorHandler: ErrorRequestHandler = (error, { originalUrl }, response, next) => {
  if (response.headersSent) return next(error)
  const { status, message, headers = {}, errors } = toHttpError(error)
  if (status >= 500) response.err = error
  response.status(status).set(headers).type('application/problem+json').json({
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    detail: message,
    instance: originalUrl,
    errors,
  })
}

function toHttpError(error: unknown): createError.HttpError {
  if (isStorageFailure(error))
    return createError(503, 'The reports cannot be reached or kept at the moment', {
      headers: { 'Retry-After': '10' },
    })
  const { status = 500, expose = status < 500 } = error as createError.HttpError
  return expose ? (error as createError.HttpError) : createError(500, 'Something went wrong here')
}
