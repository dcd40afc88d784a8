import { decodeJson, Problem, readMediaType } from '@stagecraft/service'
import { type RequestHandler, raw } from 'express'

/** The largest body that is read, in bytes, after decompression. */
export const maxBodyBytes = 2 * 1024 * 1024

/**
 * Handlers that leave the request's body as text in `request.body`, after 400, 413 and 415 for what they do not take.
 * `express.json()` would answer 415 to no type at all with an empty body, and read invalid UTF-8 as if it were valid.
 */
export const jsonText: RequestHandler[] = [
  ({ headers }, _response, next) => {
    const type = readMediaType(headers['content-type'])
    if (type?.essence !== 'application/json') throw new Problem(415, 'The body must be application/json')
    if (type.charset !== 'utf-8') throw new Problem(415, 'JSON must be in UTF-8')
    next()
  },
  raw({ type: () => true, limit: maxBodyBytes }),
  (request, _response, next) => {
    request.body = decodeJson(request.body ?? Buffer.alloc(0))
    next()
  },
]
