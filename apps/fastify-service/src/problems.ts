import { STATUS_CODES } from 'node:http'
import { DockerfileError } from '@stagecraft/dockerfile'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'

const maxTextLength = 200

/** Answers an error with a problem document, RFC 9457. What failed in here is logged, and not told. */
export function sendProblem(
  error: FastifyError | DockerfileError,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  if (error instanceof DockerfileError) {
    const { code, message, place } = error
    return send(422, message, { code, ...place, ...(place && { text: shorten(place.text) }) })
  }
  const { statusCode = 500, message, validation } = error
  if (validation) {
    const errors = validation.map(({ instancePath, message }) => ({ path: instancePath, message }))
    return send(422, message, { errors })
  }
  if (statusCode < 500 || statusCode === 503) return send(statusCode, message)
  request.log.error(error)
  return send(500, 'Something went wrong here')

  function send(status: number, detail: string, members: object = {}) {
    // Fastify would close the connection of a client that is still sending: it would see a reset instead of this answer.
    reply.removeHeader('connection')
    return reply
      .code(status)
      .type('application/problem+json')
      .send({
        type: 'about:blank',
        title: STATUS_CODES[status],
        status,
        detail,
        instance: request.url,
        ...members,
      })
  }
}

/** Answers what no route takes: 404, or 405 for a method that the path does not have, OPTIONS with the ones it has. */
export function notFound(request: FastifyRequest, reply: FastifyReply) {
  const { server, method } = request
  const [url = ''] = request.url.split('?')
  const allow = server.supportedMethods
    .filter((each) => server.hasRoute({ url, method: each }))
    .concat('OPTIONS')
  if (allow.length === 1) throw Object.assign(new Error(`There is nothing at ${url}`), { statusCode: 404 })
  reply.header('allow', allow.join(', '))
  if (method === 'OPTIONS') return reply.code(204).send()
  throw Object.assign(new Error(`${url} answers only ${allow.join(', ')}`), { statusCode: 405 })
}

function shorten(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength - 1)}…`
}
