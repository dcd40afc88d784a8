import { Problem } from '@stagecraft/service'
import type { RequestHandler } from 'express'

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
