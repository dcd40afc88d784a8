import { join } from 'node:path'
import { checkImage, contract, type ImageConfig, openSubject, type Subject } from '@stagecraft/contract'
import { canary, type Variant } from '@stagecraft/engine'
import { buildFixtureImages, type FixtureImages } from '@stagecraft/engine/test/fixture-images'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const fixture = join(import.meta.dirname, 'fixture')

/** Keeps every promise. */
const good = `
FROM node:26-trixie-slim
LABEL org.opencontainers.image.title=fixture
LABEL org.opencontainers.image.description=fixture
LABEL org.opencontainers.image.source=https://example.org/fixture
LABEL org.opencontainers.image.revision=unknown
LABEL org.opencontainers.image.version=1.0.0
LABEL org.opencontainers.image.created=2026-01-31T12:00:00Z
LABEL org.opencontainers.image.licenses=MIT
RUN install -d -o 1000 -g 0 -m 0770 /data
WORKDIR /app
COPY server.mjs health.mjs ./
RUN chown 1000:0 .
ENV GREETING=hello
VOLUME /data
USER 1000:1000
EXPOSE 8080
HEALTHCHECK CMD ["node", "health.mjs"]
CMD ["node", "server.mjs"]
`

/** The good Dockerfile with each line that begins like one of these replaced by it. */
function but(...lines: string[]): string {
  return lines.reduce((text, line) => {
    const start = line.split(/[ =]/, line.startsWith('LABEL') ? 2 : 1).join(' ')
    const pattern = new RegExp(`^${start}.*$`, 'm')
    if (!pattern.test(text)) throw new Error(`The good Dockerfile has no line ${start}`)
    return text.replace(pattern, () => line)
  }, good)
}

const without = (start: string): string => good.replace(new RegExp(`^${start}.*\n`, 'm'), '')
/** Before the user is set. */
const withRoot = (...lines: string[]): string => good.replace(/^USER/m, () => [...lines, 'USER'].join('\n'))
const mistake = (name: string): string => `${good}ENV MISTAKE="${name}"\n`

interface Broken {
  check: string
  mistake: string
  dockerfile: string
  /** What the message says was seen. */
  seen: RegExp
  variant?: Variant
  /** What it is taken to be built on; what it is built on if left out. */
  base?: string
}

const broken: Broken[] = [
  {
    check: 'ready',
    mistake: 'ends at once',
    dockerfile: but(`CMD ["node", "-e", "console.error('no such database'); process.exit(3)"]`),
    seen: /^ready: it exited with code 3 before GET \/ready answered\.[\s\S]*Last lines of its log:\n {2}no such database/,
  },
  {
    check: 'ready',
    mistake: 'has nothing to run',
    dockerfile: but('CMD ["true"]'),
    seen: /^ready: it exited with code 0 before GET \/ready answered\./,
  },
  {
    check: 'ready',
    mistake: 'takes long to listen',
    dockerfile: mistake('takes long to start'),
    seen: /^ready: GET \/ready answered 2\d\.\d s after the start\./,
  },
  {
    check: 'ready',
    mistake: 'never listens',
    dockerfile: but('CMD ["sleep", "infinity"]'),
    seen: /^ready: GET \/ready on port 8080 did not answer 200 within 30 s of the start\./,
  },
  {
    check: 'ready',
    mistake: 'starts a program that is not there',
    dockerfile: `${good}ENTRYPOINT ["/nowhere"]\n`,
    seen: /^ready: the engine could not start it: .*\/nowhere/,
  },
  {
    check: 'answers',
    mistake: 'answers an unknown path',
    dockerfile: mistake('answers anything'),
    seen: /^answers: GET of an unknown path answered 200 instead of 404/,
  },
  {
    check: 'answers',
    mistake: 'answers something else',
    dockerfile: but('ENV GREETING=bye'),
    seen: /^answers: GET \/ready answered {"greeting":"bye"}, which does not hold {"greeting":"hello"}/,
  },
  {
    check: 'non-root',
    mistake: 'has no USER',
    dockerfile: without('USER'),
    seen: /^non-root: there is no USER/,
  },
  {
    check: 'non-root',
    mistake: 'names its user',
    dockerfile: but('USER node'),
    seen: /^non-root: USER is node/,
  },
  {
    check: 'non-root',
    mistake: 'is root by number',
    dockerfile: but('USER 0:0'),
    seen: /^non-root: USER is 0:0/,
  },
  {
    check: 'non-root',
    mistake: 'has a child that is root',
    dockerfile: `${withRoot('RUN install -m 4755 /usr/bin/sleep /usr/local/bin/root-sleep')}ENV MISTAKE="starts a root process"\n`,
    seen: /^non-root: UID 0 runs `\/usr\/local\/bin\/root-sleep 60`/,
  },
  {
    check: 'any-user',
    mistake: 'lets one user alone write',
    dockerfile: but('RUN install -d -o 1000 -g 0 -m 0700 /data'),
    seen: /^any-user: as \d{5}:0, POST \/last answered 500 instead of 201: .*EACCES/,
  },
  {
    check: 'read-only',
    mistake: 'writes outside its volumes',
    dockerfile: mistake('writes beside itself'),
    seen: /^read-only: POST \/last answered 500 instead of 201: .*EROFS/,
  },
  {
    check: 'ports',
    mistake: 'listens where it does not say',
    dockerfile: mistake('listens on a second port'),
    seen: /^ports: it listens on 9000\/tcp without EXPOSE\./,
  },
  {
    check: 'ports',
    mistake: 'listens for datagrams where it does not say',
    dockerfile: mistake('listens on UDP'),
    seen: /^ports: it listens on 9000\/udp without EXPOSE\./,
  },
  {
    check: 'ports',
    mistake: 'does not listen where it says',
    dockerfile: but('EXPOSE 8080 9000'),
    seen: /^ports: it EXPOSEs 9000\/tcp but does not listen there\./,
  },
  {
    check: 'ports',
    mistake: 'listens to itself',
    dockerfile: `${but('EXPOSE 8080 9000')}ENV MISTAKE="listens on loopback"\n`,
    seen: /^ports: it EXPOSEs 9000\/tcp but listens there on loopback only\./,
  },
  {
    check: 'health',
    mistake: 'has no health check',
    dockerfile: without('HEALTHCHECK'),
    seen: /^health: there is no HEALTHCHECK\./,
  },
  {
    check: 'health',
    mistake: 'needs a shell for its health check',
    dockerfile: but('HEALTHCHECK CMD node health.mjs'),
    seen: /^health: HEALTHCHECK is in shell form \(node health\.mjs\)/,
  },
  {
    check: 'health',
    mistake: 'calls a curl that it does not have',
    dockerfile: but('HEALTHCHECK CMD ["curl", "--fail", "http://localhost:8080/ready"]'),
    seen: /^health: it is unhealthy although the app answers\.[\s\S]*Health log:[\s\S]*"curl": executable file not found/,
  },
  {
    check: 'health',
    mistake: 'has a health check that asks nothing',
    dockerfile: but('HEALTHCHECK CMD ["true"]'),
    seen: /^health: it is still healthy although the app hangs\./,
  },
  {
    check: 'stops',
    mistake: 'has a shell as its first process',
    dockerfile: but('CMD node server.mjs; true'),
    // A machine that is slow at that moment forgives the connection.
    seen: /^stops: (an idle keep-alive connection was still open 3 s after SIGTERM; )?it was still running 5 s after SIGTERM\./,
  },
  {
    check: 'stops',
    mistake: 'drops a request in flight',
    dockerfile: mistake('drops what is in flight'),
    seen: /^stops: 10 of 10 requests in flight were answered nothing \(.*\) instead of 201\./,
  },
  {
    check: 'stops',
    mistake: 'keeps idle connections',
    dockerfile: mistake('keeps idle connections'),
    seen: /^stops: an idle keep-alive connection was still open 3 s after SIGTERM\./,
  },
  {
    check: 'stops',
    mistake: 'exits with the code of a signal',
    dockerfile: mistake('exits like a shell'),
    seen: /^stops: it exited with code 143 on SIGTERM\./,
  },
  {
    check: 'logs',
    mistake: 'logs text',
    dockerfile: mistake('logs text'),
    seen: /^logs: a line on stdout is no JSON object: Listening on port 8080\./,
  },
  {
    check: 'logs',
    mistake: 'logs nothing',
    dockerfile: mistake('logs nothing'),
    seen: /^logs: after some requests there is nothing on stdout\./,
  },
  {
    check: 'logs',
    mistake: 'logs to a file',
    dockerfile: mistake('logs to a file'),
    seen: /^logs: it changed \/app\/server\.log outside its volumes and \/tmp\./,
  },
  {
    check: 'labels',
    mistake: 'has no licence',
    dockerfile: without('LABEL org.opencontainers.image.licenses'),
    seen: /^labels: there is no org\.opencontainers\.image\.licenses\./,
  },
  {
    check: 'labels',
    mistake: 'has a time that is none',
    dockerfile: but('LABEL org.opencontainers.image.created=yesterday'),
    seen: /^labels: org\.opencontainers\.image\.created is yesterday\./,
  },
  {
    check: 'no-secrets',
    mistake: 'deletes a secret in a later layer',
    dockerfile: withRoot(
      'RUN --mount=type=secret,id=npmrc cp /run/secrets/npmrc /root/token',
      'RUN rm /root/token',
    ),
    seen: /^no-secrets: the canary secret is in \/root\/token of `RUN .*cp \/run\/secrets\/npmrc/,
  },
  {
    check: 'no-secrets',
    mistake: 'has a secret in its environment',
    dockerfile: `${good}ENV TOKEN=${canary}\n`,
    seen: /^no-secrets: the canary secret is in the image's config/,
  },
  {
    check: 'no-secrets',
    mistake: 'deletes an .env in a later layer',
    dockerfile: withRoot('COPY server.mjs .env', 'RUN rm .env'),
    seen: /^no-secrets: there is \/app\/\.env of `COPY server\.mjs \.env/,
  },
  {
    check: 'no-secrets',
    mistake: 'is not built on its base',
    base: 'node:26-trixie',
    dockerfile: good,
    seen: /^no-secrets: the image is not built on the node:26-trixie that is here\./,
  },
  {
    check: 'no-tools',
    mistake: 'has what its build needed',
    dockerfile: withRoot(
      'COPY --chmod=0755 health.mjs /usr/local/bin/gcc',
      'COPY --chmod=0755 health.mjs /usr/local/bin/pnpm',
      'COPY package.json node_modules/typescript/',
    ),
    seen: /^no-tools: there is a compiler: \/usr\/local\/bin\/gcc; a devDependency: typescript; a package manager: \/usr\/local\/bin\/pnpm\./,
  },
  {
    check: 'no-tools',
    mistake: 'is distroless in name',
    variant: 'distroless',
    dockerfile: good,
    seen: /^no-tools: there is a package manager: .*\/npm\b.*; a shell: .*\/sh\b.*; a setuid or setgid file: .*\/su\b/,
  },
  {
    check: 'no-waste',
    mistake: 'changes the owner in a later layer',
    dockerfile: withRoot('RUN head -c 8000000 /dev/zero > zeros', 'RUN chown 1000 zeros'),
    seen: /^no-waste: \d\.\d % of its bytes are \(.*\), most of them \/app\/zeros \(8\.0 MB\); buried by RUN .*(chown|chmod)/,
  },
  {
    check: 'reproducible',
    mistake: 'keeps the logs of npm',
    dockerfile: withRoot('RUN npm pack is-number@7.0.0 && rm *.tgz'),
    seen: /^reproducible: two builds give two digests, for \/root\/\.npm\/_/,
  },
]

const config: ImageConfig = {
  port: 8080,
  ready: '/ready',
  routes: [
    { path: '/ready', status: 200, type: 'application/json', json: { greeting: 'hello' } },
    { method: 'POST', path: '/last', body: {}, status: 201 },
  ],
  inFlight: { method: 'POST', path: '/last', body: { some: 'thing' }, status: 201 },
  writable: ['/data'],
}

let images: FixtureImages
const nameOf = (each: Broken) => `broken-${broken.indexOf(each)}`

function open(
  image: string,
  { variant = 'prod', base = 'node:26-trixie-slim' }: Pick<Broken, 'variant' | 'base'> = {},
  more: Partial<ImageConfig> = {},
): Subject {
  return openSubject({
    app: 'fixture',
    variant,
    image,
    base,
    config: { ...config, ...more },
    appDir: fixture,
  })
}

beforeAll(async () => {
  const rows = broken.map((each) => [nameOf(each), each.dockerfile])
  images = await buildFixtureImages(fixture, { good, ...Object.fromEntries(rows) })
})

afterAll(() => images[Symbol.asyncDispose]())

describe.concurrent('an image that', () => {
  for (const each of broken)
    it(`${each.mistake} fails ${each.check}`, async ({ expect }) => {
      await using subject = open(images.reference(nameOf(each)), each)
      const { value } = await checkImage(subject, [each.check]).next()
      expect(value).toMatchObject({ id: each.check, verdict: 'fail' })
      expect(value?.detail).toMatch(each.seen)
      expect(value?.detail).toMatch(/\nPromised: .+\.\nLook at: .+\./)
    })

  it('keeps every promise passes every check', async ({ expect }) => {
    await using subject = open(images.reference('good'))
    const results = []
    for await (const result of checkImage(subject)) results.push(result)
    expect(results).toEqual(contract.map(({ id }) => ({ id, verdict: 'pass', detail: '' })))
  })

  it('breaks a promise from which it is excused says why', async ({ expect }) => {
    const row = broken.find(({ check }) => check === 'labels') as Broken
    await using subject = open(
      images.reference(nameOf(row)),
      {},
      {
        excused: { prod: { labels: 'a sketch' } },
      },
    )
    const { value } = await checkImage(subject, ['labels']).next()
    expect(value).toMatchObject({ verdict: 'excused' })
    expect(value?.detail).toMatch(/^a sketch\nlabels: there is no/)
  })

  it('keeps a promise from which it is excused fails', async ({ expect }) => {
    await using subject = open(
      images.reference('good'),
      {},
      {
        excused: { prod: { labels: 'a sketch' } },
      },
    )
    const { value } = await checkImage(subject, ['labels']).next()
    expect(value).toMatchObject({ verdict: 'fail' })
    expect(value?.detail).toMatch(/^labels: kept, though excused \("a sketch"\)/)
  })

  it('is not there is an error, not a broken promise', async ({ expect }) => {
    await using subject = open('stagecraft-fixture/none:none')
    await expect(checkImage(subject, ['labels']).next()).rejects.toThrow(
      /^There is no local image stagecraft-fixture\/none:none\./,
    )
  })
})

it('has an image that breaks each promise', () => {
  expect(new Set(broken.map(({ check }) => check))).toEqual(new Set(contract.map(({ id }) => id)))
})

it('refuses a check that there is not', async () => {
  await using subject = open('stagecraft-fixture/none:none')
  await expect(checkImage(subject, ['readyy']).next()).rejects.toThrow('There is no check "readyy".')
})
