import { join } from 'node:path'
import { openBakeImage, openSubject } from '@stagecraft/contract'
import { bake, bakeImages, boot, createVolume, eventually, NotReady } from '@stagecraft/engine'
import { buildFixtureImages } from '@stagecraft/engine/test/fixture-images'
import { sampleReport } from '@stagecraft/report/test/sample'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api, bootApi, inApi, killInWrites } from './kills.ts'
import { stopUnderLoad, throughput, unread } from './load.ts'
import { sendMalformed, undeclared } from './malformed.ts'

const root = join(import.meta.dirname, '../..')
const isRoot = process.getuid?.() === 0
const images = (await bakeImages(root)).filter(({ variant }) => variant === 'prod')

beforeAll(() => bake(root, ['prod']))

// publish.ts does the same with the numbers that docs/faults.md shows.
describe.each(images)('$image', (image) => {
  it('is stopped under load and loses no request that it has taken', async () => {
    await using subject = await openBakeImage(root, image)
    const found = await stopUnderLoad(subject, 2, 1000)
    expect(found).toMatchObject({ otherwise: 0, lost: 0, unlogged: 0, exits: [] })
    expect(found.answered).toBeGreaterThanOrEqual(2000)
  })

  it.runIf(isRoot)(
    'has logged every request that it answered, when it is stopped while nobody reads its log',
    async () => {
      await using subject = await openBakeImage(root, image)
      const found = await stopUnderLoad(subject, 1, 100, unread)
      expect(found).toMatchObject({ otherwise: 0, lost: 0, unlogged: 0, exits: [] })
    },
  )

  it('is sent what is malformed, and neither ends nor fails', async () => {
    await using subject = await openBakeImage(root, image)
    const found = await sendMalformed(subject, 540, 1)
    expect(undeclared(found.failed, subject)).toEqual([])
    expect(found.alive).toBe(true)
    expect(found.refused).toBeGreaterThan(150)
  })
})

describe('a server that ends at once', () => {
  const server = `require('node:http').createServer((request, response) => {
    console.log('GET / ' + JSON.stringify(request.rawHeaders).repeat(10))
    setTimeout(() => response.end(), 20)
  }).listen(8080)
  process.on('SIGTERM', () => process.exit(0))`
  let built: Awaited<ReturnType<typeof buildFixtureImages>>
  beforeAll(async () => {
    built = await buildFixtureImages(import.meta.dirname, {
      ends: `FROM node:26-trixie-slim\nCMD ["node", "-e", ${JSON.stringify(server)}]\n`,
    })
  })
  afterAll(() => built?.[Symbol.asyncDispose]())
  const subject = () =>
    openSubject({
      app: 'fixture',
      variant: 'prod',
      image: built.reference('ends'),
      base: 'node:26-trixie-slim',
      config: { port: 8080, ready: '/ready', routes: [{ path: '/', status: 200 }] },
      appDir: import.meta.dirname,
    })

  it('loses the requests that it is at', async () => {
    await using ends = subject()
    expect((await stopUnderLoad(ends, 1, 100)).lost).toBeGreaterThan(0)
  })

  it.runIf(isRoot)('loses what it has still to log', async () => {
    await using ends = subject()
    expect((await stopUnderLoad(ends, 1, 100, unread)).unlogged).toBeGreaterThan(0)
  })
})

// Root alone can start a container's program without it.
it.runIf(isRoot)('a load reaches the program in a container and without one', async () => {
  const image = images.find(({ app }) => app === 'go-hello')
  if (!image) throw new Error('There is no go-hello:prod.')
  await using subject = await openBakeImage(root, image)
  const { container, bare, failed } = await throughput(subject, 1, 1)
  expect(failed).toBe(0)
  expect(Math.min(...container.rates, ...bare.rates)).toBeGreaterThan(0)
})

const reports = async (url: string): Promise<{ id: number; revision: string }[]> => {
  const answer = await fetch(`${url}/api/reports?limit=100`)
  return ((await answer.json()) as { items: { id: number; revision: string }[] }).items
}
const post = async (url: string, report: object = sampleReport()) => {
  const headers = { 'content-type': 'application/json' }
  return (await fetch(`${url}/api/reports`, { method: 'POST', headers, body: JSON.stringify(report) })).status
}

describe('express-api', () => {
  it('is killed in the middle of writes, and has every report that it has acknowledged', async () => {
    const found = await killInWrites(5)
    expect(found).toMatchObject({ lost: 0, integrity: 'ok' })
    expect(found.acknowledged).toBeGreaterThan(10)
  })

  it('answers 503 on a full disk, and keeps what it has', async () => {
    await using container = await boot(api, {
      host: { Tmpfs: { '/tmp': '', '/data': 'size=2m,uid=1000,mode=0770' } },
    })
    const { url } = container
    const report = { ...sampleReport(), padding: 'x'.repeat(100_000) }
    const statuses: number[] = []
    while (statuses.at(-1) !== 503 && statuses.length < 50) statuses.push(await post(url, report))
    expect(new Set(statuses)).toEqual(new Set([201, 503]))
    expect(await reports(url)).toHaveLength(statuses.length - 1)
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
  })

  it('says why it does not start on a read-only volume, and leaves it as it was', async () => {
    await using volume = await createVolume()
    {
      await using container = await bootApi(volume.name)
      expect(await post(container.url)).toBe(201)
      await container.handle.stop()
    }
    const refused = await bootApi(volume.name, 'ro').catch((error) => error)
    expect(refused).toBeInstanceOf(NotReady)
    expect(refused.evidence).toMatch(
      /DATA_DIR \/data cannot hold the database: .*Let UID 1000, GID 1000 write/,
    )
    await using container = await bootApi(volume.name)
    expect(await reports(container.url)).toHaveLength(1)
  })

  it('takes over the volume of its first release', async () => {
    await using volume = await createVolume()
    await inApi(
      volume.name,
      `import { DatabaseSync } from 'node:sqlite'
        new DatabaseSync('/data/reports.db').exec(${JSON.stringify(firstRelease)})`,
    )
    await using container = await bootApi(volume.name)
    expect(await reports(container.url)).toMatchObject([{ id: 7, revision: 'd3adbeef' }])
    const answer = await fetch(`${container.url}/api/reports/7`)
    expect(await answer.json()).toEqual(sampleReport())
    expect(await post(container.url)).toBe(201)
  })

  it('goes on when the clock jumps, back and forth', async () => {
    await using fixture = await buildFixtureImages(import.meta.dirname, {
      clock: `FROM node:26-trixie-slim AS clock
RUN apt-get update && apt-get install -y --no-install-recommends faketime
FROM stagecraft/express-api:prod
COPY --from=clock /usr/lib/*/faketime/libfaketime.so.1 /clock.so
ENV LD_PRELOAD=/clock.so FAKETIME_TIMESTAMP_FILE=/tmp/clock FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1
`,
    })
    await using container = await boot({ ...api, image: fixture.reference('clock') }, { volumes: ['/data'] })
    const { url, handle } = container
    const jumps = { '+0d': 0, '-400d': -400, '+4000d': 4000, '-1d': -1 }
    for (const [jump, days] of Object.entries(jumps)) {
      const write = await handle.exec({
        Cmd: ['sh', '-c', `printf '%s' '${jump}' > /tmp/clock`],
        Env: ['LD_PRELOAD='],
      })
      const stream = await write.start({})
      await new Promise((resolve) => stream.on('end', resolve).resume())
      // Node makes the header once a second.
      const seen = await eventually(10_000, async () => {
        const { headers } = await fetch(`${url}/api/reports`)
        const ahead = (Date.parse(headers.get('date') ?? '') - Date.now()) / 86_400_000
        return Math.abs(ahead - days) < 0.5 || undefined
      })
      expect(seen, jump).toBe(true)
      expect(await post(url)).toBe(201)
      expect((await fetch(`${url}/readyz`)).status).toBe(200)
    }
    expect(await reports(url)).toHaveLength(4)
  })
})

/** The schema that it began with, and a report in it. */
const firstRelease = `
  CREATE TABLE reports (
    id INTEGER PRIMARY KEY AUTOINCREMENT, created_at INTEGER NOT NULL, revision TEXT NOT NULL,
    images INTEGER NOT NULL, document TEXT NOT NULL
  ) STRICT;
  CREATE INDEX reports_by_time ON reports (created_at, id);
  CREATE TABLE images (
    app TEXT NOT NULL, variant TEXT NOT NULL, created_at INTEGER NOT NULL,
    report_id INTEGER NOT NULL REFERENCES reports (id), compressed_bytes INTEGER NOT NULL,
    unpacked_bytes INTEGER NOT NULL, start_to_ready_ms REAL NOT NULL,
    PRIMARY KEY (app, variant, created_at, report_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), at INTEGER NOT NULL) STRICT;
  INSERT INTO reports VALUES (7, 1769860800000, 'd3adbeef', 1, '${JSON.stringify(sampleReport())}');
  PRAGMA user_version = 1;
`
