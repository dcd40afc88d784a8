import swagger, { type StaticDocumentSpec } from '@fastify/swagger'
import { type FastifyInstance, fastify } from 'fastify'

// The page and all it loads come from here; it asks nobody else, and nobody else may frame it.
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const hidden = { schema: { hide: true } }

/** `GET /openapi.json`, and a page that shows it at `/docs`: what the schemas of the routes added after it say. */
export async function addDocs(app: FastifyInstance, version: string): Promise<void> {
  const description = 'Explains a Dockerfile: its stages, and what reruns after a change'
  await app.register(swagger, {
    openapi: { openapi: '3.1.0', info: { title: 'fastify-service', version, description } },
  })
  app.get('/openapi.json', hidden, () => app.swagger())

  // Swagger UI loads with the first request for it: it would take as long as all the rest of the start.
  let page: Promise<FastifyInstance> | undefined
  for (const path of ['/docs', '/docs/*'])
    app.get(path, hidden, async ({ url, headers }, reply) => {
      page ??= createPage(app.swagger() as StaticDocumentSpec['document'])
      const response = await (await page).inject({ url, headers })
      if (response.statusCode === 404) return reply.callNotFound()
      return reply.code(response.statusCode).headers(response.headers).send(response.rawPayload)
    })
}

async function createPage(document: StaticDocumentSpec['document']): Promise<FastifyInstance> {
  const { default: swaggerUi } = await import('@fastify/swagger-ui')
  const page = fastify()
  await page.register(swagger, { mode: 'static', specification: { document } })
  await page.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: contentSecurityPolicy,
    theme: { title: 'fastify-service' },
    // Without the bar in which another document may be entered.
    uiConfig: { layout: 'BaseLayout' },
  })
  return page
}
