import type { RequestListener } from 'node:http'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { type About, type Logger, Problem, requestLog } from '@stagecraft/service'
import { fastify } from 'fastify'
import { analyzeRoute } from './analyze-route.ts'
import { addDocs } from './docs.ts'
import { sendProblem } from './problems.ts'
import * as schemas from './schemas.ts'
import { answerUnrouted } from './unrouted.ts'
import { compileValidator } from './validation.ts'

/** The application, without a listener. Once `stopping` is aborted it is no longer ready. */
export async function createApp(parts: {
  about: About
  logger: Logger
  stopping: AbortSignal
}): Promise<RequestListener> {
  const { about, logger, stopping } = parts
  const app = fastify({ bodyLimit: schemas.maxBodyBytes, frameworkErrors: sendProblem })
    .withTypeProvider<TypeBoxTypeProvider>()
    .setValidatorCompiler(compileValidator)
  app.setErrorHandler(sendProblem)
  answerUnrouted(app)
  await addDocs(app, about)
  await app.register(analyzeRoute)

  app.get('/', { schema: { summary: 'What runs', response: { 200: schemas.About } } }, () => about)

  app.get('/healthz', { schema: { summary: 'Is it alive?', response: { 200: schemas.Live } } }, () => ({
    status: 'live' as const,
  }))

  app.get('/readyz', { schema: { summary: 'Can it work?', response: { 200: schemas.Ready } } }, () => {
    if (stopping.aborted) throw new Problem(503, 'Stopping')
    return { status: 'ready' as const }
  })

  await app.ready()
  const log = requestLog(logger)
  return (request, response) => {
    log(request, response)
    app.routing(request, response)
  }
}
