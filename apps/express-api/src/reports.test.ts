import { DatabaseSync } from 'node:sqlite'
import type { Measurement, Page, Summary } from '@stagecraft/report/api'
import { sampleImage, sampleReport } from '@stagecraft/report/test/sample'
import { describe, expect, it } from 'vitest'
import { expectProblem, getJson, post, put, startService } from '../test/service.ts'
import { maxBodyBytes } from './reports.ts'

function postBody(url: string, body: string, headers: Record<string, string>): Promise<Response> {
  return fetch(`${url}/api/reports`, { method: 'POST', body, headers })
}

const json = { 'Content-Type': 'application/json' }

describe('the probes', () => {
  it('answer 200 while reports can be kept', async () => {
    await using service = await startService()
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200)
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200)
  })

  it('stay live but not ready while nothing can be written, and recover', async () => {
    await using service = await startService()
    const other = new DatabaseSync(`${service.dataDir}/reports.db`)
    other.exec('BEGIN IMMEDIATE')
    const refused = await fetch(`${service.url}/readyz`)
    expect(refused.headers.get('Retry-After')).toBe('10')
    await expectProblem(refused, 503)
    await expectProblem(await post(service.url, sampleReport()), 503)
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200)
    other.close()
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200)
    expect((await post(service.url, sampleReport())).status).toBe(201)
  })
})

describe('POST /api/reports', () => {
  it('keeps a report and says where', async () => {
    await using service = await startService()
    const report = sampleReport({ createdAt: '2026-01-31T12:00:00Z', revision: 'é+' })
    const response = await post(service.url, report)
    expect(response.status).toBe(201)
    expect(response.headers.get('Location')).toBe('/api/reports/1')
    expect(await response.json()).toEqual({
      id: 1,
      createdAt: '2026-01-31T12:00:00.000Z',
      revision: 'é+',
      images: 1,
      state: 'done',
    })
    expect(await (await fetch(`${service.url}/api/reports/1`)).json()).toEqual(report)
  })

  it('keeps properties that the schema does not know, byte for byte', async () => {
    await using service = await startService()
    const deep = `${'['.repeat(63)} "[\\"[[\\\\" ${']'.repeat(63)}`
    const document = JSON.stringify(sampleReport()).replace('{', `{"deep":${deep}, "x": 1.0,`)
    expect((await postBody(service.url, document, json)).status).toBe(201)
    expect(await (await fetch(`${service.url}/api/reports/1`)).text()).toBe(document)
  })

  it('lists every place that breaks the schema', async () => {
    await using service = await startService()
    const report = {
      ...sampleReport({ images: [sampleImage({ app: 'Not A Slug' })] }),
      schemaVersion: 2,
    }
    const problem = await expectProblem(await post(service.url, report), 422)
    expect(problem.errors).toEqual([
      { path: '/schemaVersion', message: expect.any(String) },
      { path: '/images/0/app', message: expect.any(String) },
    ])
  })

  it('lists 50 such places at most', async () => {
    await using service = await startService()
    const report = { ...sampleReport(), images: Array(1000).fill({}) }
    const problem = await expectProblem(await post(service.url, report), 422)
    expect(problem.errors).toHaveLength(50)
  })

  it('refuses a report that measures one image twice', async () => {
    await using service = await startService()
    const report = sampleReport({ images: [sampleImage(), sampleImage()] })
    const problem = await expectProblem(await post(service.url, report), 422)
    expect(problem.errors).toMatchObject([{ path: '/images/1' }])
  })

  it.each<[string, string, number]>([
    ['nothing', '', 400],
    ['half a document', '{"schemaVersion":', 400],
    ['a number', '1', 422],
    ['null', 'null', 422],
    ['an array', '[]', 422],
    ['an escaped NUL byte as app', sampleText({ app: '\0' }), 422],
    ['half a surrogate pair as app', sampleText({ app: '\ud800' }), 422],
    ['a size beyond what a number holds', sampleText({}).replaceAll('80000000', '1e999'), 422],
    ['a date that does not exist', sampleText({}).replace('-01-31T', '-02-31T'), 422],
    ['a leap second', sampleText({}).replace('12:00:00.000', '23:59:60'), 422],
    ['nesting one too deep', `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 400],
    ['nesting just deep enough', `${'{"a":'.repeat(64)}1${'}'.repeat(64)}`, 422],
    ['brackets in a string', JSON.stringify('\\"[{'.repeat(100)), 422],
    ['one byte too many', ' '.repeat(maxBodyBytes + 1), 413],
  ])('refuses %s', async (_name, body, status) => {
    await using service = await startService()
    await expectProblem(await postBody(service.url, body, json), status)
    expect(await getJson(`${service.url}/api/reports`)).toEqual({ items: [], next: null })
  })

  it('reads a body of exactly the largest size', async () => {
    await using service = await startService()
    const document = JSON.stringify(sampleReport())
    expect((await postBody(service.url, document.padEnd(maxBodyBytes), json)).status).toBe(201)
  })

  it('refuses what is not declared to be JSON', async () => {
    await using service = await startService()
    await expectProblem(await postBody(service.url, '{}', { 'Content-Type': 'text/plain' }), 415)
  })
})

describe('PUT /api/reports/:id', () => {
  const running = sampleReport({ state: 'running', images: [] })
  const grown = sampleReport({ state: 'running', images: [sampleImage()] })
  const done = sampleReport({
    state: 'done',
    createdAt: '2026-01-31T12:30:00Z',
    images: [sampleImage(), sampleImage({ variant: 'dev' })],
  })

  it('replaces a running report until it is done', async () => {
    await using service = await startService()
    expect(await (await post(service.url, running)).json()).toMatchObject({ images: 0, state: 'running' })
    for (const [report, images] of [
      [grown, 1],
      [{ ...grown, doing: 'building express-api' }, 1],
      [done, 2],
    ] as const) {
      const response = await put(service.url, 1, report)
      expect(response.status).toBe(200)
      const summary = await response.json()
      expect(summary).toMatchObject({ id: 1, images, state: report.state })
      expect(await getJson(`${service.url}/api/reports/1`)).toEqual(report)
      expect(await getJson(`${service.url}/api/reports`)).toEqual({ items: [summary], next: null })
    }
  })

  it('puts the measurements of a report into the history once, as they are now', async () => {
    await using service = await startService()
    await post(service.url, running)
    const larger = sampleImage({ size: { compressedBytes: 1, unpackedBytes: 2 } })
    const history = `${service.url}/api/images/express-api/prod/history`
    for (const report of [grown, done, done]) await put(service.url, 1, report)
    expect(await getJson(history)).toMatchObject({ items: [{ id: 1, compressedBytes: 80_000_000 }] })
    await post(service.url, running)
    await put(service.url, 2, { ...grown, createdAt: '2026-01-30T12:00:00Z' })
    await put(service.url, 2, { ...grown, images: [larger] })
    const { items } = await getJson<Page<Measurement>>(history)
    expect(items.map(({ id, compressedBytes }) => [id, compressedBytes])).toEqual([
      [1, 80_000_000],
      [2, 1],
    ])
    await put(service.url, 2, running)
    expect(await getJson(history)).toMatchObject({ items: [{ id: 1 }] })
  })

  it.each([grown, done])('gives the same answer to the same document (%#)', async (report) => {
    await using service = await startService()
    await post(service.url, running)
    const answers = [await put(service.url, 1, report), await put(service.url, 1, report)]
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    const [first, second] = await Promise.all(answers.map((answer) => answer.json()))
    expect(second).toEqual(first)
    expect(await getJson(`${service.url}/api/reports/1`)).toEqual(report)
  })

  it.each(['done', 'interrupted'] as const)('leaves a report alone that is %s', async (state) => {
    await using service = await startService()
    await post(service.url, running)
    await put(service.url, 1, { ...grown, state })
    await expectProblem(await put(service.url, 1, done), 409, 'Report 1 runs no longer')
    await expectProblem(await put(service.url, 1, running), 409)
    expect(await getJson(`${service.url}/api/reports/1`)).toEqual({ ...grown, state })
  })

  it('leaves a report alone that says nothing of its state', async () => {
    await using service = await startService()
    await post(service.url, sampleReport())
    await expectProblem(await put(service.url, 1, running), 409)
  })

  it.each(['1', '0', '01', 'x', '9'.repeat(30)])('has no report %s to replace', async (id) => {
    await using service = await startService()
    await expectProblem(await put(service.url, id, done), 404, `There is no report ${id}`)
  })

  it('takes and refuses the same documents as POST', async () => {
    await using service = await startService()
    await post(service.url, running)
    const broken = { ...done, images: [sampleImage({ app: 'Not A Slug' })] }
    const problem = await expectProblem(await put(service.url, 1, broken), 422)
    expect(problem.errors).toMatchObject([{ path: '/images/0/app' }])
    await expectProblem(await put(service.url, 1, { ...running, state: 'done' }), 422)
    const send = (body: string, headers: Record<string, string>): Promise<Response> =>
      fetch(`${service.url}/api/reports/1`, { method: 'PUT', body, headers })
    await expectProblem(await send('{', json), 400)
    await expectProblem(await send(JSON.stringify(done), { 'Content-Type': 'text/plain' }), 415)
    await expectProblem(await send(' '.repeat(maxBodyBytes + 1), json), 413)
    expect(await getJson(`${service.url}/api/reports/1`)).toEqual(running)
    const whole = JSON.stringify(done).padEnd(maxBodyBytes)
    expect((await send(whole, json)).status).toBe(200)
    expect(await (await fetch(`${service.url}/api/reports/1`)).text()).toBe(whole)
  })
})

describe('GET /api/reports', () => {
  it('gives no pages of nothing', async () => {
    await using service = await startService()
    const response = await fetch(`${service.url}/api/reports`)
    expect(await response.json()).toEqual({ items: [], next: null })
  })

  it('gives every report once, newest first, when many were made at one moment', async () => {
    await using service = await startService()
    const [old, moment, young] = [
      '2025-12-31T23:59:59.999Z',
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00.001Z',
    ]
    for (const createdAt of [moment, moment, young, moment, old, moment, moment])
      await post(service.url, sampleReport({ createdAt }))

    const ids: number[] = []
    const sizes: number[] = []
    let query = '?limit=2'
    for (;;) {
      const page = await getJson<Page<Summary>>(`${service.url}/api/reports${query}`)
      ids.push(...page.items.map(({ id }) => id))
      sizes.push(page.items.length)
      if (page.next === null) break
      query = `?limit=2&cursor=${page.next}`
    }
    expect(ids).toEqual([3, 7, 6, 4, 2, 1, 5])
    expect(sizes).toEqual([2, 2, 2, 1])
  })

  it('does not repeat a report when others come between two pages', async () => {
    await using service = await startService()
    for (const day of ['01', '02', '03'])
      await post(service.url, sampleReport({ createdAt: `2026-01-${day}T00:00:00Z` }))
    const first = await getJson<Page<Summary>>(`${service.url}/api/reports?limit=2`)
    await post(service.url, sampleReport({ createdAt: '2026-01-04T00:00:00Z' }))
    const second = await getJson<Page<Summary>>(`${service.url}/api/reports?limit=2&cursor=${first.next}`)
    expect(second).toMatchObject({ items: [{ id: 1 }], next: null })
  })

  it('reads 20 unless told', async () => {
    await using service = await startService()
    for (let index = 0; index < 21; index++) service.store.add(sampleReport(), '{}')
    const page = await getJson<Page<Summary>>(`${service.url}/api/reports`)
    expect(page.items).toHaveLength(20)
    const all = await getJson<Page<Summary>>(`${service.url}/api/reports?limit=21`)
    expect(all).toMatchObject({ items: { length: 21 }, next: null })
  })

  it.each(['0', '101', '-1', '1.5', 'ten', '', '2&limit=3'])('refuses the limit %j', async (limit) => {
    await using service = await startService()
    const response = await fetch(`${service.url}/api/reports?limit=${limit}`)
    await expectProblem(response, 400, 'limit must be a number from 1 to 100')
  })

  it.each(['', 'x', btoa('1'), btoa('1 2 3'), btoa('1 x'), btoa(`1${'0'.repeat(30)} 1`), 'a&cursor=b'])(
    'refuses the cursor %j',
    async (cursor) => {
      await using service = await startService()
      const response = await fetch(`${service.url}/api/reports?cursor=${cursor}`)
      await expectProblem(response, 400, 'cursor must be the next of an earlier page')
    },
  )
})

describe('GET /api/reports/:id', () => {
  it('gives the newest by its own time as latest', async () => {
    await using service = await startService()
    await expectProblem(await fetch(`${service.url}/api/reports/latest`), 404)
    await post(service.url, sampleReport({ createdAt: '2026-02-01T00:00:00Z', revision: 'new' }))
    await post(service.url, sampleReport({ createdAt: '2026-01-01T00:00:00Z', revision: 'old' }))
    const response = await fetch(`${service.url}/api/reports/latest`)
    expect(response.headers.get('Content-Type')).toBe('application/json; charset=utf-8')
    expect(response.headers.get('Content-Location')).toBe('/api/reports/1')
    expect(await response.json()).toMatchObject({ revision: 'new' })
  })

  it('says when a report came', async () => {
    await using service = await startService()
    // The header counts whole seconds.
    const before = Date.now() - 1000
    await post(service.url, sampleReport())
    const { headers } = await fetch(`${service.url}/api/reports/1`)
    const changedAt = Date.parse(headers.get('Last-Modified') ?? '')
    expect(changedAt).toBeGreaterThan(before)
    expect(changedAt).toBeLessThanOrEqual(Date.now())
  })

  it.each(['latest', '1'])('says of %s whether it has changed since it was asked for', async (id) => {
    await using service = await startService()
    await post(service.url, sampleReport({ state: 'running' }))
    // As a browser's cache asks; Node's own fetch() would add `no-cache`, which wants the whole answer.
    const ask = (etag = ''): Promise<Response> =>
      fetch(`${service.url}/api/reports/${id}`, {
        headers: { 'If-None-Match': etag, 'Cache-Control': 'max-age=0' },
      })
    const first = await ask()
    const etag = first.headers.get('ETag') ?? ''
    expect([first.status, etag]).toEqual([200, expect.stringContaining('"')])
    const same = await ask(etag)
    expect([same.status, await same.text()]).toEqual([304, ''])
    await put(service.url, 1, sampleReport({ state: 'running', doing: 'building' }))
    const changed = await ask(etag)
    expect([changed.status, await changed.json()]).toMatchObject([200, { doing: 'building' }])
  })

  it.each(['1', '0', '-1', '01', '1e0', 'x', '9'.repeat(30), '1%00', "1'--", '%F0%9F%98%80'])(
    'has no report %s',
    async (id) => {
      await using service = await startService()
      await expectProblem(await fetch(`${service.url}/api/reports/${id}`), 404)
    },
  )
})

describe('GET /api/images/:app/:variant/history', () => {
  it('gives the measurements of one image, newest first, in pages', async () => {
    await using service = await startService()
    const run = sampleImage().run
    const sizes = [10, 30, 20]
    for (const [index, compressedBytes] of sizes.entries())
      await post(
        service.url,
        sampleReport({
          createdAt: `2026-01-0${index + 1}T00:00:00Z`,
          images: [
            sampleImage({
              size: { compressedBytes, unpackedBytes: compressedBytes * 3 },
              run: { ...run, startToReadyMs: { ...run.startToReadyMs, median: index + 0.5 } },
            }),
            sampleImage({ variant: 'dev' }),
          ],
        }),
      )
    const history = `${service.url}/api/images/express-api/prod/history`
    const first = await getJson<Page<Measurement>>(`${history}?limit=2`)
    expect(first.items).toEqual([
      {
        id: 3,
        createdAt: '2026-01-03T00:00:00.000Z',
        compressedBytes: 20,
        unpackedBytes: 60,
        startToReadyMs: 2.5,
        standIn: false,
      },
      {
        id: 2,
        createdAt: '2026-01-02T00:00:00.000Z',
        compressedBytes: 30,
        unpackedBytes: 90,
        startToReadyMs: 1.5,
        standIn: false,
      },
    ])
    const second = await getJson<Page<Measurement>>(`${history}?limit=2&cursor=${first.next}`)
    expect(second).toMatchObject({ items: [{ id: 1 }], next: null })
  })

  it('is empty for an image that nobody measured', async () => {
    await using service = await startService()
    const response = await fetch(`${service.url}/api/images/no/such/history`)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ items: [], next: null })
  })

  it.each([
    ['?limit=0', /limit/],
    ['?cursor=0', /cursor/],
  ])('refuses %s', async (query, detail) => {
    await using service = await startService()
    await expectProblem(await fetch(`${service.url}/api/images/a/b/history${query}`), 400, detail)
  })
})

describe('every route', () => {
  it.each(['/nothing', '/api', '/api/reports/1/images', '/api/images/a/history', '/constructor'])(
    'is missing at %s',
    async (path) => {
      await using service = await startService()
      await expectProblem(await fetch(service.url + path), 404, path)
    },
  )

  it('refuses a path that is not percent-encoded UTF-8', async () => {
    await using service = await startService()
    await expectProblem(await fetch(`${service.url}/api/reports/%E0%A4%A`), 400)
  })

  it.each([
    ['DELETE', '/', 'GET, HEAD, OPTIONS'],
    ['POST', '/healthz', 'GET, HEAD, OPTIONS'],
    ['POST', '/readyz', 'GET, HEAD, OPTIONS'],
    ['PUT', '/api/reports', 'GET, HEAD, POST, OPTIONS'],
    ['DELETE', '/api/reports/latest', 'GET, HEAD, OPTIONS'],
    ['PUT', '/api/reports/latest', 'GET, HEAD, OPTIONS'],
    ['PATCH', '/api/reports/1', 'GET, HEAD, PUT, OPTIONS'],
    ['POST', '/api/images/a/b/history', 'GET, HEAD, OPTIONS'],
  ])('refuses %s %s and says what it allows', async (method, path, allow) => {
    await using service = await startService()
    const refused = await fetch(service.url + path, { method })
    expect(refused.headers.get('Allow')).toBe(allow)
    await expectProblem(refused, 405, path)
    const options = await fetch(service.url + path, { method: 'OPTIONS' })
    expect([options.status, options.headers.get('Allow')]).toEqual([204, allow])
  })

  it('answers HEAD without a body', async () => {
    await using service = await startService()
    await post(service.url, sampleReport())
    const response = await fetch(`${service.url}/api/reports/latest`, { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(Number(response.headers.get('Content-Length'))).toBeGreaterThan(100)
  })

  it('tells nothing of its inside when it fails', async () => {
    await using service = await startService()
    using other = new DatabaseSync(`${service.dataDir}/reports.db`)
    other.exec('DROP TABLE images')
    const problem = await expectProblem(await fetch(`${service.url}/api/images/a/b/history`), 500)
    expect(problem.detail).toBe('Something went wrong here')
    await expect
      .poll(() => service.logged)
      .toMatchObject([{ level: 50, err: { message: 'no such table: images' } }])
  })
})

function sampleText(changes: Parameters<typeof sampleImage>[0]): string {
  return JSON.stringify(sampleReport({ images: [sampleImage(changes)] }))
}
