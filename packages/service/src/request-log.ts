import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type HttpLogger, pinoHttp } from 'pino-http'
import type { Logger } from './logger.ts'

const probes = new Set(['/healthz', '/readyz'])

/**
 * Logs each request once it is answered: failures as errors, health probes at debug. The id comes from the request's
 * `X-Request-Id` where that is plain, is made here otherwise, and goes back with the answer.
 */
export function requestLog(logger: Logger): HttpLogger {
  return pinoHttp({
    logger,
    genReqId(request, response) {
      const given = request.headers['x-request-id']
      const id = typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : randomUUID()
      response.setHeader('X-Request-Id', id)
      return id
    },
    customLogLevel(request, response, error) {
      if (isProbe(request)) return response.statusCode < 400 ? 'debug' : 'warn'
      return error || response.statusCode >= 500 ? 'error' : 'info'
    },
    serializers: {
      req: ({ id, method, url }) => ({ id, method, url }),
      res: ({ statusCode }) => ({ statusCode }),
    },
  })
}

function isProbe(request: IncomingMessage): boolean {
  return probes.has(request.url ?? '')
}
