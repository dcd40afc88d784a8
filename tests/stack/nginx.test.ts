import { connect } from 'node:net'
import { bake } from '@stagecraft/engine'
import { beforeAll, describe, expect, it } from 'vitest'
import { root } from './compose.ts'
import { type ReactSpa, startReactSpa } from './react-spa.ts'

const variants = ['single', 'prod', 'distroless']

/** On every response, whatever its status. */
const security = {
  'content-security-policy': expect.stringContaining(
    "default-src 'none'; script-src 'self'; style-src 'self';",
  ),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

beforeAll(() =>
  bake(
    root,
    variants.map((variant) => `react-spa-${variant}`),
  ),
)

/** Sends bytes as they are, and reads until the other side closes. */
function sendRaw(port: number, text: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let answer = ''
  const socket = connect(port, '127.0.0.1', () => socket.write(text))
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    answer += chunk
  })
  socket.on('error', () => {})
  socket.on('close', () => resolve(answer))
  return promise
}

function head(answer: string): { status: number; headers: Record<string, string> } {
  const [first = '', ...lines] = answer.split('\r\n\r\n', 1)[0]?.split('\r\n') ?? []
  const headers = lines.map((line) => line.split(/: (.*)/s).slice(0, 2))
  return {
    status: Number(first.split(' ')[1]),
    headers: Object.fromEntries(headers.map(([name = '', value = '']) => [name.toLowerCase(), value])),
  }
}

describe.concurrent.each(variants)('nginx in %s', (variant) => {
  let spa: ReactSpa
  beforeAll(async () => {
    spa = await startReactSpa(variant)
    return () => spa[Symbol.asyncDispose]()
  })
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(spa.url + path, { headers: { 'accept-encoding': 'identity', ...headers }, redirect: 'manual' })
  const asset = async (prefix: string): Promise<string> => {
    const page = await (await get('/')).text()
    const [path] = new RegExp(`/${prefix}[^"]+\\.js`).exec(page) ?? []
    if (!path) throw new Error(`index.html names nothing that begins with ${prefix}`)
    return path
  }

  it.each(['/', '/dockerfile', '/history', '/history/a.b_c-1%20d/e', '/images/a.b_c-1%20d/e'])(
    'answers %s with the app',
    async (path) => {
      const response = await get(path)
      expect(response.status).toBe(200)
      expect(Object.fromEntries(response.headers)).toMatchObject({
        ...security,
        'content-type': 'text/html',
        'cache-control': 'no-cache',
      })
      expect(await response.text()).toContain('<div id="root">')
    },
  )

  it.each([
    '/nothing',
    '/images',
    '/images/a',
    '/images/a/b/c',
    '/history/a',
    '/dockerfile/',
    '/index',
    '/constructor',
  ])('answers %s with the app, to explain it, and 404', async (path) => {
    const response = await get(path)
    expect(response.status).toBe(404)
    expect(Object.fromEntries(response.headers)).toMatchObject({ ...security, 'cache-control': 'no-cache' })
    expect(await response.text()).toContain('<div id="root">')
  })

  it.each(['assets', 'vendor'])('never turns a missing file of %s into a page', async (folder) => {
    const response = await get(`/${folder}/missing.js`)
    expect(response.status).toBe(404)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...security,
      'content-type': 'application/problem+json',
      'cache-control': 'no-cache',
    })
    expect(await response.json()).toMatchObject({ status: 404, title: 'Not Found' })
  })

  it.each(['assets', 'vendor'])(
    'lets browsers keep what has a hash in its name in %s for a year',
    async (folder) => {
      const path = await asset(`${folder}/`)
      const response = await get(path)
      expect(response.status).toBe(200)
      expect(Object.fromEntries(response.headers)).toMatchObject({
        ...security,
        'cache-control': 'public, max-age=31536000, immutable',
        'content-type': expect.stringContaining('javascript'),
      })
      const etag = response.headers.get('etag') ?? ''
      const again = await get(path, { 'if-none-match': etag })
      expect(again.status).toBe(304)
      expect(again.headers.get('cache-control')).toContain('immutable')
    },
  )

  it('sends the compressed file of the build to those who accept it, and the plain one to others', async () => {
    const path = await asset('vendor/vendor-')
    const plain = await get(path)
    const packed = await get(path, { 'accept-encoding': 'gzip' })
    expect(plain.headers.get('content-encoding')).toBeNull()
    expect(packed.headers.get('content-encoding')).toBe('gzip')
    expect(packed.headers.get('vary')).toBe('Accept-Encoding')
    expect(Number(packed.headers.get('content-length'))).toBeLessThan(
      Number(plain.headers.get('content-length')) / 2,
    )
    expect(await packed.text()).toBe(await plain.text())
  })

  it('names no version of itself', async () => {
    expect((await get('/')).headers.get('server')).toBe('nginx')
  })

  it('answers 502 as a problem where no API is', async () => {
    for (const path of ['/api/reports', '/api/anything/else']) {
      const response = await get(path)
      expect(response.status).toBe(502)
      expect(Object.fromEntries(response.headers)).toMatchObject({
        ...security,
        'content-type': 'application/problem+json',
      })
      expect(await response.json()).toEqual({
        type: 'about:blank',
        title: 'Bad Gateway',
        status: 502,
        detail: 'The service behind this address cannot be reached',
      })
    }
  })

  it.each([
    ['POST', '/', 405],
    ['DELETE', '/config.json', 405],
    ['PUT', '/assets/x.js', 405],
    ['FOO', '/', 405],
    ['GET', '/%2e%2e/%2e%2e/etc/passwd', 400],
    ['GET', '/..%2f..%2fetc/passwd', 400],
    ['GET', '/assets/..%2f..%2f..%2fetc%2fpasswd', 400],
    ['GET', '/assets/%2fetc%2fpasswd', 404],
    ['GET', '/%00', 400],
    ['GET', '/%zz', 400],
    ['GET', '/problem', 404],
    ['GET', `/${'a'.repeat(20_000)}`, 414],
  ])('answers %s %s with %s %i', async (method, path, status) => {
    const answer = head(
      await sendRaw(spa.port, `${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`),
    )
    expect(answer.status).toBe(status)
    expect(answer.headers).toMatchObject(security)
  })

  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    [
      'two lengths',
      'POST /api/reports HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
    ],
    ['one header too large', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['too many headers', `GET / HTTP/1.1\r\nHost: a\r\n${'X: 0123456789abcdef\r\n'.repeat(5000)}\r\n`, 431],
  ])('answers a request with %s with a problem', async (_what, bytes, status) => {
    const answer = await sendRaw(spa.port, bytes)
    expect(head(answer)).toMatchObject({
      status,
      headers: { ...security, 'content-type': 'application/problem+json' },
    })
  })

  it.each([
    ['/', 1025],
    ['/analyze', 1024 * 1024 + 1],
    ['/api/reports', 2 * 1024 * 1024 + 1],
  ])('refuses a body at %s that is larger than %i bytes before it is sent', async (path, length) => {
    const answer = await sendRaw(
      spa.port,
      `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`,
    )
    expect(head(answer)).toMatchObject({ status: 413, headers: security })
  })

  it('cuts a thousand slow clients off, and serves others meanwhile', { timeout: 300_000 }, async () => {
    const slow = Array.from({ length: 1000 }, () => connect(spa.port, '127.0.0.1'))
    const closed = slow.map((socket) => {
      socket.on('error', () => {}).write('POST /analyze HTTP/1.1\r\nHost: a\r\nContent-Length: 9')
      return new Promise((resolve) => socket.on('close', resolve).resume())
    })
    expect((await get('/')).status).toBe(200)
    await Promise.all(closed)
    expect((await get('/')).status).toBe(200)
    expect((await spa.log()).stderr).not.toMatch(/\[(crit|alert|emerg)\]/)
  })

  it('logs each request as one line of JSON', async ({ expect }) => {
    await get('/logged?a="b"')
    const lines = async () =>
      (await spa.log()).stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    await expect.poll(lines).toContainEqual(
      expect.objectContaining({
        request: 'GET /logged?a=%22b%22 HTTP/1.1',
        status: 404,
        requestId: expect.any(String),
      }),
    )
  })
})

describe.concurrent.each(variants)('the configuration of %s', (variant) => {
  it('follows the environment, without a rebuild and on a read-only root', async () => {
    await using spa = await startReactSpa(variant, {
      REPORTS_URL: 'https://reports.example.com',
      ANALYZER_URL: 'https://analyzer.example.com',
      CONNECT_SRC: "'self' https://reports.example.com https://analyzer.example.com",
    })
    const response = await fetch(`${spa.url}/config.json`)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...security,
      'content-type': 'application/json',
      'cache-control': 'no-cache',
    })
    expect(await response.json()).toEqual({
      variant,
      reports: 'https://reports.example.com',
      analyzer: 'https://analyzer.example.com',
    })
    expect(response.headers.get('content-security-policy')).toContain(
      "connect-src 'self' https://reports.example.com https://analyzer.example.com;",
    )
  })
})
