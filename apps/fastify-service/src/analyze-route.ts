import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { type Analysis, analyze } from '@stagecraft/dockerfile'
import { decodeJson, decodeText, limitInFlight, Problem, parseJson, readMediaType } from '@stagecraft/service'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as schemas from './schemas.ts'

/** `POST /analyze`: a Dockerfile in, what it does out. */
export async function analyzeRoute(instance: FastifyInstance): Promise<void> {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  const count = limitInFlight(16)

  // Fastify's own read invalid UTF-8 as if it were valid, and JSON of any depth.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, parseJson(decodeJson(body))),
  )
  app.addContentTypeParser<Buffer>('text/plain', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, readText(body)),
  )

  app.post<{ Body: schemas.Question | string }>(
    '/analyze',
    {
      onRequest: async (request, reply) => {
        refuseOtherTypes(request)
        count(reply.raw)
      },
      schema: {
        summary: 'Explain a Dockerfile',
        description:
          'Its stages, what they take from each other, and which instructions run again after a change.',
        body: schemas.analyzeBodies,
        response: { 200: schemas.Analysis, ...schemas.problems },
      },
    },
    ({ body }) => answer(typeof body === 'string' ? { dockerfile: body } : body),
  )
}

/** @throws DockerfileError */
function answer({ dockerfile, changed = [], ...question }: schemas.Question): Analysis {
  const changes = changed.map((change) => (typeof change === 'string' ? { path: change } : change))
  return analyze(dockerfile, { ...question, changed: changes })
}

/** @throws Problem 415, before anything of the body is read */
function refuseOtherTypes({ headers }: FastifyRequest): void {
  const type = readMediaType(headers['content-type'])
  if (type?.essence !== 'application/json' && type?.essence !== 'text/plain')
    throw new Problem(415, 'The body must be text/plain, the Dockerfile itself, or application/json')
  if (type.charset !== 'utf-8') throw new Problem(415, 'The body must be in UTF-8')
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding.toLowerCase() !== 'identity') throw new Problem(415, 'The body must not be compressed')
}

/** @throws Problem 400 */
function readText(body: Buffer): string {
  const text = decodeText(body)
  if (text.includes('\0')) throw new Problem(400, 'The body is binary, not text: it has a NUL byte')
  return text
}
