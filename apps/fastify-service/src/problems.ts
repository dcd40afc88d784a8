import { DockerfileError } from '@stagecraft/dockerfile'
import { Problem, problemBody, problemType } from '@stagecraft/service'
import type { FastifyReply, FastifyRequest } from 'fastify'

const maxTextLength = 200

/** Fastify's error handler: an error becomes a problem document. A bug becomes a 500 that tells nothing but that. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { status, message, extras, headers } = toProblem(error)
  if (status >= 500) reply.raw.err = error instanceof Error ? error : new Error(String(error))
  // Past Fastify, which adds a charset to the type, and closes the connection under a client that is still sending too
  // much: that sees a reset and no answer. What it sends is thrown away, for as long as a request may take.
  reply.hijack()
  const response = reply.raw
  response.statusCode = status
  response.setHeaders(new Map([...Object.entries(headers), ['Content-Type', problemType]]))
  response.end(problemBody(status, message, request.url, extras))
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof DockerfileError) return dockerfileProblem(error)
  if (isClientError(error)) return new Problem(error.statusCode, error.message)
  return new Problem(500, 'Something went wrong here', { cause: error })
}

function dockerfileProblem({ code, message, place }: DockerfileError): Problem {
  if (!place) return new Problem(422, message, { extras: { code } })
  const { line, column, text } = place
  return new Problem(422, message, { extras: { code, line, column, text: shorten(text) } })
}

function shorten(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength - 1)}…`
}

/** Fastify's own errors have a status, and for 4xx a message that is meant for clients. */
function isClientError(error: unknown): error is Error & { statusCode: number } {
  return (
    error instanceof Error &&
    'statusCode' in error &&
    typeof error.statusCode === 'number' &&
    error.statusCode >= 400 &&
    error.statusCode < 500
  )
}
