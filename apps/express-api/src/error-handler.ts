import { Problem, problemBody, problemType } from '@stagecraft/service'
import type { ErrorRequestHandler } from 'express'
import { isStorageFailure } from './store.ts'

/** Express's last handler: an error becomes a problem document. A bug becomes a 500 that tells nothing but that. */
export const errorHandler: ErrorRequestHandler = (error, request, response, next) => {
  const { status, message, extras, headers } = toProblem(error)
  if (status >= 500) response.err = error instanceof Error ? error : new Error(String(error))
  // Express cuts the connection: the client sees that the answer is not whole.
  if (response.headersSent) return next(error)
  response.status(status).set(headers)
  // Express's own would add a charset, which the type does not have.
  response.setHeader('Content-Type', problemType)
  response.end(problemBody(status, message, request.originalUrl, extras))
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (isStorageFailure(error))
    return new Problem(503, 'The reports cannot be reached or kept at the moment', {
      headers: { 'Retry-After': '10' },
      cause: error,
    })
  if (isClientError(error)) return new Problem(error.status, error.message)
  return new Problem(500, 'Something went wrong here', { cause: error })
}

/** Express and its body parser throw errors of the package http-errors, whose messages for 4xx are meant for clients. */
function isClientError(error: unknown): error is Error & { status: number } {
  return (
    error instanceof Error &&
    'status' in error &&
    typeof error.status === 'number' &&
    error.status >= 400 &&
    error.status < 500
  )
}
