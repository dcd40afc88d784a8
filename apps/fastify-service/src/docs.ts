import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { About } from '@stagecraft/service'
import type { FastifyInstance } from 'fastify'

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

/** `GET /openapi.json` and a page that shows it at `/docs`: what the schemas of the routes added after it say. */
export async function addDocs(app: FastifyInstance, { name, version }: About): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: name,
        version,
        description: 'Explains a Dockerfile: its stages, and what reruns after a change',
      },
    },
  })
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: contentSecurityPolicy,
    theme: { title: name },
    // Without the bar in which another document may be entered.
    uiConfig: { layout: 'BaseLayout' },
  })
}
