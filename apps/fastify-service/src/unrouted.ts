import { Problem } from '@stagecraft/service'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/**
 * Answers what no route takes: 404, 405 for a method that the path does not have, OPTIONS with the ones it has. It sees
 * the routes that are added after it.
 */
export function answerUnrouted(app: FastifyInstance): void {
  const methods = new Map<string, string[]>()
  app.addHook('onRoute', ({ url, method }) => {
    methods.set(url, [...(methods.get(url) ?? []), method].flat())
  })

  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const [path = ''] = request.url.split('?', 1)
    const allowed = new Set([...methods].flatMap(([url, each]) => (matches(path, url) ? each : [])))
    // A route of every path under its own may have the method, and yet nothing there.
    if (allowed.size === 0 || allowed.has(request.method))
      throw new Problem(404, `There is nothing at ${path}`)
    const allow = [...[...allowed].sort(), 'OPTIONS'].join(', ')
    if (request.method !== 'OPTIONS')
      throw new Problem(405, `${path} answers only ${allow}`, { headers: { Allow: allow } })
    return reply.code(204).header('Allow', allow).send()
  }

  // Before a body is read: its type and size do not matter here.
  app.addHook('onRequest', async (request, reply) => (request.is404 ? answer(request, reply) : undefined))
  app.setNotFoundHandler(answer)
}

function matches(path: string, url: string): boolean {
  return url.endsWith('*') ? path.startsWith(url.slice(0, -1)) : path === url
}
