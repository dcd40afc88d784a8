import { expectProblem } from '@stagecraft/service/test/expect-problem'
import { connectRaw } from '@stagecraft/service/test/raw-connection'
import { describe, expect, it } from 'vitest'
import { startService } from '../test/service.ts'

describe('GET /', () => {
  it('says what runs', async () => {
    await using service = await startService()
    const response = await fetch(service.url)
    expect(await response.json()).toEqual({
      name: 'fastify-service',
      version: '1.2.3',
      variant: 'source',
      node: process.version,
    })
  })
})

describe('the probes', () => {
  it('answer 200', async () => {
    await using service = await startService()
    expect(await (await fetch(`${service.url}/healthz`)).json()).toEqual({ status: 'live' })
    expect(await (await fetch(`${service.url}/readyz`)).json()).toEqual({ status: 'ready' })
  })

  it('are not ready once the service stops', async () => {
    await using service = await startService()
    service.stopping.abort()
    await expectProblem(await fetch(`${service.url}/readyz`), 503, 'Stopping')
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200)
  })
})

describe('every route', () => {
  it.each([
    '/nothing',
    '/analyze/',
    '/healthz/live',
    '/docs/nothing',
    '/docs/static/nothing',
    '/constructor',
  ])('is missing at %s', async (path) => {
    await using service = await startService()
    await expectProblem(await fetch(service.url + path), 404, `There is nothing at ${path}`)
  })

  it('refuses a path that is not percent-encoded UTF-8', async () => {
    await using service = await startService()
    await expectProblem(await fetch(`${service.url}/%E0%A4%A`), 400)
  })

  it.each([
    ['DELETE', '/', 'GET, HEAD, OPTIONS'],
    ['POST', '/healthz', 'GET, HEAD, OPTIONS'],
    ['PUT', '/readyz', 'GET, HEAD, OPTIONS'],
    ['PROPFIND', '/openapi.json', 'GET, HEAD, OPTIONS'],
    ['GET', '/analyze', 'POST, OPTIONS'],
    ['PATCH', '/analyze', 'POST, OPTIONS'],
    ['POST', '/docs', 'GET, HEAD, OPTIONS'],
    ['PUT', '/docs/static/swagger-initializer.js', 'GET, HEAD, OPTIONS'],
  ])('refuses %s %s and says what it allows', async (method, path, allow) => {
    await using service = await startService()
    const refused = await fetch(service.url + path, { method })
    expect(refused.headers.get('Allow')).toBe(allow)
    await expectProblem(refused, 405, path)
    const options = await fetch(service.url + path, { method: 'OPTIONS' })
    expect([options.status, options.headers.get('Allow')]).toEqual([204, allow])
  })

  it('is missing, or has no such method, whatever the body', async () => {
    await using service = await startService()
    const init = { method: 'POST', body: 'x'.repeat(2_000_000), headers: { 'Content-Type': ';;;' } }
    await expectProblem(await fetch(`${service.url}/nothing`, init), 404)
    await expectProblem(await fetch(`${service.url}/healthz`, init), 405)
  })

  it('answers HEAD without a body', async () => {
    await using service = await startService()
    await using client = await connectRaw(service.server.port)
    client.write('HEAD /openapi.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    const [head = '', body] = (await client.closed()).split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(Number(/content-length: (\d+)/i.exec(head)?.[1])).toBeGreaterThan(1000)
    expect(body).toBe('')
  })

  it('is logged, under a plain request id', async () => {
    await using service = await startService()
    const response = await fetch(`${service.url}/%E0%A4%A`, { headers: { 'X-Request-Id': 'abc-1' } })
    expect(response.headers.get('X-Request-Id')).toBe('abc-1')
    await expect
      .poll(() => service.logged)
      .toMatchObject([{ req: { id: 'abc-1', url: '/%E0%A4%A' }, res: { statusCode: 400 } }])
  })
})

describe('the documentation', () => {
  it('describes every route in OpenAPI', async () => {
    await using service = await startService()
    const response = await fetch(`${service.url}/openapi.json`)
    const { openapi, info, paths } = (await response.json()) as {
      openapi: string
      info: object
      paths: Record<string, Record<string, { requestBody?: { content: object }; responses: object }>>
    }
    expect(openapi).toBe('3.1.0')
    expect(info).toMatchObject({ title: 'fastify-service', version: '1.2.3' })
    expect(Object.keys(paths).toSorted()).toEqual(['/', '/analyze', '/healthz', '/readyz'])
    const analyze = paths['/analyze']?.post
    expect(Object.keys(analyze?.requestBody?.content ?? {})).toEqual(['application/json', 'text/plain'])
    expect(Object.keys(analyze?.responses ?? {})).toEqual(['200', '400', '413', '415', '422', '503'])
    expect(analyze).toMatchObject({
      requestBody: {
        content: { 'application/json': { schema: { properties: { changed: { maxItems: 1000 } } } } },
      },
      responses: {
        200: {
          content: { 'application/json': { schema: { required: expect.arrayContaining(['stages']) } } },
        },
        422: { content: { 'application/problem+json': { schema: { type: 'object' } } } },
      },
    })
  })

  it.each(['/docs', '/docs/'])('is a page at %s that loads all it needs from here', async (path) => {
    await using service = await startService()
    const page = await fetch(service.url + path)
    expect(page.headers.get('Content-Type')).toBe('text/html; charset=utf-8')
    const policy = page.headers.get('Content-Security-Policy')
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
    expect(policy).not.toContain('unsafe')
    const html = await page.text()
    expect(html).not.toMatch(/<script>|<style|style=|onload=/)
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, address = '']) => new URL(address, page.url),
    )
    expect(loaded.length).toBeGreaterThan(4)
    for (const { href, origin } of loaded) {
      expect(origin).toBe(service.url)
      expect([href, (await fetch(href)).status]).toEqual([href, 200])
    }
    expect(await (await fetch(`${service.url}/docs/json`)).json()).toMatchObject({
      paths: { '/analyze': {} },
    })
  })
})
