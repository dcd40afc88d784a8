import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it, vi } from 'vitest'
import { runMain } from '../test/child.ts'
import { beginPost, connectRaw } from '../test/raw-connection.ts'
import { sampleReport } from '../test/sample-report.ts'
import { getJson, post } from '../test/service.ts'
import { temporaryDirectory } from '../test/temporary-directory.ts'
import type { Page } from './paging.ts'
import type { Summary } from './store.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

// Starting a process takes seconds where many run at once.
vi.setConfig({ testTimeout: 30_000 })

describe('the process', () => {
  it('serves, and logs nothing but JSON lines', async () => {
    using directory = temporaryDirectory()
    await using child = runMain({ DATA_DIR: directory.path, VARIANT: 'prod', LOG_LEVEL: 'debug' })
    const url = `http://127.0.0.1:${await child.port()}`
    expect(await (await fetch(url)).json()).toMatchObject({ version, variant: 'prod' })
    await fetch(`${url}/readyz`)
    await post(url, sampleReport())
    await post(url, 'nonsense')
    child.process.kill('SIGTERM')
    expect(await child.exit).toEqual({ code: 0, signal: null })
    expect(child.lines.map((line) => JSON.parse(line).msg)).toEqual([
      'listening',
      ...Array(4).fill('request completed'),
      'stopping',
      'stopped',
    ])
    expect(child.stderr.join('')).toBe('')
  })

  it('has kept a report that it acknowledged right before it was killed', async () => {
    using directory = temporaryDirectory()
    {
      await using child = runMain({ DATA_DIR: directory.path })
      const response = await post(`http://127.0.0.1:${await child.port()}`, sampleReport())
      child.process.kill('SIGKILL')
      expect(response.status).toBe(201)
      expect(await child.exit).toEqual({ code: null, signal: 'SIGKILL' })
    }
    await using child = runMain({ DATA_DIR: directory.path })
    const response = await fetch(`http://127.0.0.1:${await child.port()}/api/reports/1`)
    expect(await response.json()).toEqual(sampleReport())
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('finishes the request under way on %s', async (signal) => {
    using directory = temporaryDirectory()
    await using child = runMain({ DATA_DIR: directory.path })
    const port = await child.port()
    await using idle = await connectRaw(port)
    idle.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await idle.until(/live/)
    await using client = await connectRaw(port)
    const rest = await beginPost(client, JSON.stringify(sampleReport()))
    child.process.kill(signal)
    await idle.closed()
    client.write(rest)
    expect(await client.closed()).toMatch(/HTTP\/1\.1 201 Created/)
    expect(await child.exit).toEqual({ code: 0, signal: null })
  })

  it('ends at once on a second signal', async () => {
    using directory = temporaryDirectory()
    await using child = runMain({ DATA_DIR: directory.path })
    const port = await child.port()
    await using idle = await connectRaw(port)
    idle.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await idle.until(/live/)
    await using client = await connectRaw(port)
    await beginPost(client, JSON.stringify(sampleReport()))
    child.process.kill('SIGTERM')
    await idle.closed()
    child.process.kill('SIGTERM')
    expect(await child.exit).toEqual({ code: null, signal: 'SIGTERM' })
  })

  it('cuts off a request that does not end and says so by exit code 1', async () => {
    using directory = temporaryDirectory()
    await using child = runMain({ DATA_DIR: directory.path })
    await using client = await connectRaw(await child.port())
    await beginPost(client, JSON.stringify(sampleReport()))
    child.process.kill('SIGTERM')
    expect(await child.exit).toEqual({ code: 1, signal: null })
    expect(child.lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ cutOff: 1, msg: 'stopped before every request was answered' }),
    )
  })

  it('answers 503 on a full disk and goes on', async () => {
    using directory = temporaryDirectory()
    // Blocks of 512 or 1024 bytes, as the shell counts: a file may have 1 or 2 MiB, a write beyond fails.
    await using child = runMain({ DATA_DIR: directory.path }, 'ulimit -f 2048;')
    const url = `http://127.0.0.1:${await child.port()}`
    const report = { ...sampleReport(), padding: 'x'.repeat(500_000) }
    const statuses: number[] = []
    while (!statuses.includes(503) && statuses.length < 20) statuses.push((await post(url, report)).status)
    expect([statuses.at(0), statuses.at(-1)]).toEqual([201, 503])
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    const page = await getJson<Page<Summary>>(`${url}/api/reports?limit=100`)
    expect(page.items).toHaveLength(statuses.length - 1)
    expect(await (await fetch(`${url}/api/reports/1`)).json()).toEqual(report)
    child.process.kill('SIGTERM')
    expect(await child.exit).toEqual({ code: 0, signal: null })
  })
})

describe('a process that cannot start', () => {
  it('names the wrong variables on one line and exits 2', async () => {
    await using child = runMain({ PORT: 'http', LOG_LEVEL: 'loud' })
    expect(await child.exit).toEqual({ code: 2, signal: null })
    expect(child.lines).toHaveLength(1)
    expect(JSON.parse(child.lines[0] ?? '')).toMatchObject({
      level: 'fatal',
      msg: expect.stringMatching(/^PORT is "http", it must be .*; LOG_LEVEL is "loud", it must be /),
    })
    expect(child.stderr.join('')).toBe('')
  })

  it('says that its directory cannot be written and exits 1', async () => {
    using directory = temporaryDirectory()
    const file = join(directory.path, 'file')
    writeFileSync(file, '')
    await using child = runMain({ DATA_DIR: file })
    expect(await child.exit).toEqual({ code: 1, signal: null })
    expect(child.lines).toHaveLength(1)
    expect(JSON.parse(child.lines[0] ?? '').msg).toMatch(/^DATA_DIR .* or set DATA_DIR to a directory/)
    expect(child.stderr.join('')).toBe('')
  })

  it('refuses the database of a newer release and exits 1', async () => {
    using directory = temporaryDirectory()
    const db = new DatabaseSync(join(directory.path, 'reports.db'))
    db.exec('PRAGMA user_version = 99')
    db.close()
    await using child = runMain({ DATA_DIR: directory.path })
    expect(await child.exit).toEqual({ code: 1, signal: null })
    expect(JSON.parse(child.lines[0] ?? '').msg).toMatch(/has schema version 99/)
  })

  it('says that its port is taken and exits 1', async () => {
    using directory = temporaryDirectory()
    await using first = runMain({ DATA_DIR: directory.path })
    await using second = runMain({ DATA_DIR: directory.path, PORT: String(await first.port()) })
    expect(await second.exit).toEqual({ code: 1, signal: null })
    expect(JSON.parse(second.lines[0] ?? '').msg).toMatch(/^Cannot listen: .*EADDRINUSE/)
  })
})
