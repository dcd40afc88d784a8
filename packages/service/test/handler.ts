import type { RequestListener } from 'node:http'

/** A small service: answers 200, or 201 once a body has come whole. */
export const handler: RequestListener = (request, response) => {
  request.resume().once('end', () => {
    response.statusCode = request.method === 'POST' ? 201 : 200
    response.end('answered')
  })
}
