import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { type FastifyHttpOptions, type FastifyInstance, fastify } from 'fastify'
import { analyzeRoute } from './analyze-route.ts'
import { addDocs } from './docs.ts'
import { notFound, sendProblem } from './problems.ts'
import * as schemas from './schemas.ts'
import { validateQuestion, validateText } from './validators.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

export async function createApp(options: FastifyHttpOptions<Server> = {}): Promise<FastifyInstance> {
  const app = fastify({
    ...options,
    frameworkErrors: sendProblem,
    // Fastify's own compile every schema at every start.
    schemaController: {
      compilersFactory: {
        buildValidator:
          () =>
          ({ schema }) =>
            schema === schemas.question ? validateQuestion : validateText,
        buildSerializer: () => () => JSON.stringify,
      },
    },
  })
  app.setErrorHandler(sendProblem)
  app.setNotFoundHandler(notFound)
  // When it stops, Fastify closes the connections that are idle. This is for those that are not.
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close')
  })

  await addDocs(app, version)
  await app.register(analyzeRoute)

  app.get('/', { schema: { summary: 'What runs', response: { 200: schemas.about } } }, () => ({
    name: 'fastify-service',
    version,
  }))

  const probe = {
    logLevel: 'warn',
    schema: { summary: 'Does it run?', response: { 200: schemas.status } },
  } as const
  app.get('/healthz', probe, () => ({ status: 'live' }))
  app.get('/readyz', probe, () => ({ status: 'ready' }))

  return app
}
