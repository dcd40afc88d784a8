import type { Change, Question } from '@stagecraft/dockerfile'
import type { FastifyInstance } from 'fastify'
import { Analyzer } from './analyzer.ts'
import * as schemas from './schemas.ts'

/** What `POST /analyze` takes as JSON; as text, it is the Dockerfile alone. A path is short for a change of it. */
export type Body = Omit<Question, 'changed'> & { dockerfile: string; changed?: (string | Change)[] }

/** As many documents at once as fit several times into a container of 256 MB, whatever they hold. */
const maxInFlight = 16

/** `POST /analyze`: a Dockerfile in, what it does out. */
export async function analyzeRoute(app: FastifyInstance): Promise<void> {
  let inFlight = 0
  const analyzer = new Analyzer(app.log)
  app.addHook('onClose', () => analyzer[Symbol.asyncDispose]())

  app.post<{ Body: Body | string | undefined }>(
    '/analyze',
    {
      schema: {
        summary: 'Explain a Dockerfile',
        description:
          'Its stages, what they take from each other, and which instructions run again after a change.',
        body: schemas.analyzeBodies,
        response: { 200: schemas.analysis, ...schemas.problems },
      },
      async onRequest(_request, reply) {
        if (inFlight >= maxInFlight) {
          reply.header('retry-after', 1)
          throw Object.assign(new Error(`${maxInFlight} documents are under way already`), {
            statusCode: 503,
          })
        }
        inFlight++
        reply.raw.once('close', () => inFlight--)
      },
    },
    async ({ body }, reply) => {
      // Without a type and a length, Fastify neither reads nor validates a body.
      if (body === undefined)
        throw Object.assign(new Error('There is no body: send a Dockerfile, or JSON'), { statusCode: 400 })
      const { changed = [], ...rest } = typeof body === 'string' ? { dockerfile: body } : body
      reply.type('application/json; charset=utf-8')
      return analyzer.analyze({
        ...rest,
        changed: changed.map((change) => (typeof change === 'string' ? { path: change } : change)),
      })
    },
  )
}
