import { join } from 'node:path'
import { checkImage, type ImageConfig, openSubject, robustness } from '@stagecraft/contract'
import { buildFixtureImages, type FixtureImages } from '@stagecraft/engine/test/fixture-images'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const fixture = join(import.meta.dirname, 'fixture')

const strong = `
FROM node:26-trixie-slim
WORKDIR /app
COPY server.mjs ./
USER 1000:1000
EXPOSE 8080
CMD ["node", "server.mjs"]
`

/** The check that a mistake breaks, and what the message says was seen. */
const weak: { mistake: string; check: string; seen: RegExp }[] = [
  { mistake: 'believes anyone', check: 'malformed', seen: /a NUL in a header was answered 200/ },
  { mistake: 'decodes a path', check: 'malformed', seen: /the path \/%ff was answered 500/ },
  {
    mistake: 'blames itself',
    check: 'broken-chunks',
    seen: /a chunk whose size is negative was answered 500/,
  },
  { mistake: 'reads any head', check: 'oversize-head', seen: /a header of 2 MiB was answered 200/ },
  { mistake: 'reads any body', check: 'oversize-body', seen: /1 of its 1 processes ended/ },
  { mistake: 'walks deep', check: 'bad-body', seen: /arrays 20 000 deep was answered 500/ },
  { mistake: 'ends on an error', check: 'bad-body', seen: /1 of its 1 processes ended/ },
  { mistake: 'keeps bodies', check: 'flood', seen: /1 of its 1 processes ended/ },
  { mistake: 'keeps files', check: 'flood', seen: /it has \d{4} files and connections open, \d\d\d? before/ },
  { mistake: 'has room for few', check: 'slow-clients', seen: /beside 50 slow clients GET \/ready was not/ },
  { mistake: 'waits for heads', check: 'slow-clients', seen: /half a head is still waited for after 3 s/ },
  { mistake: 'waits for everyone', check: 'slow-clients', seen: /still running 10 s after SIGTERM/ },
]

const config: ImageConfig = {
  port: 8080,
  ready: '/ready',
  routes: [{ path: '/ready', status: 200 }],
  inFlight: { method: 'POST', path: '/', body: { message: 'some thing' }, status: 200 },
  headTimeout: 3,
}

let images: FixtureImages
const tag = (mistake: string) => mistake.replaceAll(' ', '-')
const open = (name: string) =>
  openSubject({
    app: 'fixture',
    variant: 'prod',
    image: images.reference(name),
    base: 'node:26-trixie-slim',
    config,
    appDir: fixture,
  })

beforeAll(async () => {
  const rows = weak.map(({ mistake }) => [tag(mistake), `${strong}ENV MISTAKE="${mistake}"\n`])
  images = await buildFixtureImages(fixture, { strong, ...Object.fromEntries(rows) })
})

afterAll(() => images[Symbol.asyncDispose]())

// Twelve at once: one that the machine keeps waiting is asked again.
describe.concurrent('a server that', { retry: 1 }, () => {
  for (const { mistake, check, seen } of weak)
    it(`${mistake} fails ${check}`, async ({ expect }) => {
      await using subject = open(tag(mistake))
      const { value } = await checkImage(subject, [check]).next()
      expect(value).toMatchObject({ id: check, verdict: 'fail' })
      expect(value?.detail).toMatch(seen)
    })
})

it('a server without them passes every check', async () => {
  await using subject = open('strong')
  const ids = robustness.map(({ id }) => id)
  const results = []
  for await (const result of checkImage(subject, ids)) results.push(result)
  expect(results).toEqual(ids.map((id) => ({ id, verdict: 'pass', detail: '' })))
})

it('there is one that fails each check', () => {
  expect(new Set(weak.map(({ check }) => check))).toEqual(new Set(robustness.map(({ id }) => id)))
})
