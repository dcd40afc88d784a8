import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bake, readLocalImage } from '@stagecraft/engine'
import { contents } from '@stagecraft/image'
import { beforeAll, describe, expect, it } from 'vitest'
import { root } from './compose.ts'
import { type ReactSpa, startReactSpa } from './react-spa.ts'

const withShell = ['single', 'prod']
const variants = [...withShell, 'distroless']

/** On every response, whatever its status. */
const security = {
  'content-security-policy': expect.stringContaining(
    "default-src 'none'; script-src 'self'; style-src 'self';",
  ),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

beforeAll(() =>
  bake(
    root,
    variants.map((variant) => `react-spa-${variant}`),
  ),
)

/** Sends bytes as they are, and reads the status that is answered. */
function sendRaw(port: number, text: string): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  let answer = ''
  const socket = connect(port, '127.0.0.1', () => socket.write(text))
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    answer += chunk
  })
  socket.on('error', () => {})
  socket.on('close', () => resolve(Number(answer.split(' ')[1])))
  return promise
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

  it.each([
    '/',
    '/builds',
    '/dockerfile',
    '/gallery',
    '/history',
    '/history/a.b_c-1%20d/e',
    '/images/a.b_c-1%20d/e',
  ])('answers %s with the app', async (path) => {
    const response = await get(path)
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      ...security,
      'content-type': 'text/html',
      'cache-control': 'no-cache',
    })
    expect(await response.text()).toContain('<div id="root">')
  })

  it.each(['/nothing', '/images', '/images/a', '/images/a/b/c', '/history/a', '/dockerfile/', '/index'])(
    'answers %s with the app, to explain it, and 404',
    async (path) => {
      const response = await get(path)
      expect(response.status).toBe(404)
      expect(Object.fromEntries(response.headers)).toMatchObject({ ...security, 'cache-control': 'no-cache' })
      expect(await response.text()).toContain('<div id="root">')
    },
  )

  it.each(['assets', 'vendor'])('never turns a missing file of %s into a page', async (folder) => {
    const response = await get(`/${folder}/missing.js`)
    expect(response.status).toBe(404)
    expect(Object.fromEntries(response.headers)).toMatchObject({ ...security, 'cache-control': 'no-cache' })
    expect(await response.text()).not.toContain('<div id="root">')
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

  it.each(['/api/reports', '/api/anything/else', '/analyze'])(
    'answers 502 as a problem at %s where no API is',
    async (path) => {
      const response = await get(path)
      expect(response.status).toBe(502)
      expect(Object.fromEntries(response.headers)).toMatchObject({
        ...security,
        'content-type': 'application/problem+json',
      })
      expect(await response.json()).toMatchObject({
        status: 502,
        detail: 'The service behind this address does not answer',
      })
    },
  )

  it.each([
    ['POST', '/', 405],
    ['PUT', '/assets/x.js', 405],
    ['GET', '/%2e%2e/%2e%2e/etc/passwd', 400],
    ['GET', '/assets/..%2f..%2f..%2fetc%2fpasswd', 400],
    ['GET', '/assets/%2fetc%2fpasswd', 404],
  ])('answers %s %s with %i', async (method, path, status) => {
    const request = `${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`
    expect(await sendRaw(spa.port, request)).toBe(status)
  })

  it('takes a report of 2 MiB, and refuses a larger one before it is sent', async () => {
    const post = (length: number) =>
      `POST /api/reports HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`
    expect(await sendRaw(spa.port, post(2 * 1024 * 1024 + 1))).toBe(413)
    expect(await sendRaw(spa.port, `${post(2)}{}`)).toBe(502)
  })

  it('listens on IPv6 as on IPv4', async () => {
    const ask = (host: string) => `fetch('http://${host}:8080/healthz').then(({ ok }) => ok)`
    const script = `Promise.all([${ask('127.0.0.1')}, ${ask('[::1]')}]).then(console.log)`
    expect(await spa.beside(`node --eval "${script}"`)).toBe('[ true, true ]\n')
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

/** Whether the page, and what the browser lets it connect to, are those of these two APIs. */
async function expectConfigured(spa: ReactSpa, reports: string, analyzer: string): Promise<void> {
  const response = await fetch(`${spa.url}/config.json`)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    ...security,
    'content-type': 'application/json',
    'cache-control': 'no-cache',
  })
  expect(await response.json()).toEqual({ reports, analyzer })
  expect(response.headers.get('content-security-policy')).toContain(
    `connect-src 'self' ${reports} ${analyzer};`,
  )
}

const [reports, analyzer] = ['https://reports.example.com', 'https://analyzer.example.com']

describe.concurrent.each(withShell)('the configuration of %s', (variant) => {
  it('follows the environment, without a rebuild and on a read-only root', async () => {
    await using spa = await startReactSpa(variant, {
      env: { REPORTS_URL: reports, ANALYZER_URL: analyzer },
    })
    await expectConfigured(spa, reports, analyzer)
  })

  it('takes name servers with IPv6 addresses', async () => {
    await using spa = await startReactSpa(variant, { host: { Dns: ['fd00::53', '127.0.0.1'] } })
    expect((await fetch(spa.url)).status).toBe(200)
  })
})

describe('distroless', () => {
  it('is configured by a folder mounted over the values that it was built with', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'nginx-'))
    await chmod(folder, 0o755)
    const values = `
      resolver 127.0.0.11;
      map "" $reports_api { default http://express-api:8080; }
      map "" $analyzer_api { default http://fastify-service:8080; }
      map "" $config { default '{ "reports": "${reports}", "analyzer": "${analyzer}" }'; }
      map "" $connect_src { default "'self' ${reports} ${analyzer}"; }`
    await writeFile(join(folder, 'values.conf'), values)
    await using spa = await startReactSpa('distroless', {
      host: { Binds: [`${folder}:/etc/nginx/runtime:ro`] },
    })
    await expectConfigured(spa, reports, analyzer)
    await rm(folder, { recursive: true })
  })

  it('lists the packages of what it has from the nginx image, so that scanners see them', async () => {
    const { osPackages } = contents(await readLocalImage('stagecraft/react-spa:distroless'))
    const names = osPackages.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['libc6', 'libpcre2-8-0', 'libssl3t64', 'nginx', 'tzdata', 'zlib1g']),
    )
    expect(names).toHaveLength(new Set(names).size)
  })
})
