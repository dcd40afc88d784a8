import { describe, expect, it } from 'vitest'
import { expectProblem, startService } from '../test/service.ts'

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
    ['DELETE', '/openapi.json', 'GET, HEAD, OPTIONS'],
    ['GET', '/analyze', 'POST, OPTIONS'],
    ['PATCH', '/analyze', 'POST, OPTIONS'],
    ['POST', '/docs', 'GET, HEAD, OPTIONS'],
  ])('refuses %s %s and says what it allows', async (method, path, allow) => {
    await using service = await startService()
    const refused = await fetch(service.url + path, { method })
    expect(refused.headers.get('Allow')).toBe(allow)
    await expectProblem(refused, 405, path)
    const options = await fetch(service.url + path, { method: 'OPTIONS' })
    expect([options.status, options.headers.get('Allow')]).toEqual([204, allow])
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
    expect(info).toMatchObject({ title: 'fastify-service', version: expect.any(String) })
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
