import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Page, Summary } from '@stagecraft/report/api'
import { sampleReport } from '@stagecraft/report/test/sample'
import { type Child, runMain } from '@stagecraft/service/test/child'
import { beginPost, connectRaw } from '@stagecraft/service/test/raw-connection'
import { describe, expect, it, vi } from 'vitest'
import { getJson, post } from '../test/service.ts'
import { temporaryDirectory } from '../test/temporary-directory.ts'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

// Starting a process takes seconds where many run at once.
vi.setConfig({ testTimeout: 30_000 })

function run(env: NodeJS.ProcessEnv, prefix?: string): Child {
  return runMain(new URL('main.ts', import.meta.url), env, prefix)
}

describe('the process', () => {
  it('serves, and logs nothing but JSON lines', async () => {
    using directory = temporaryDirectory()
    await using child = run({ DATA_DIR: directory.path, VARIANT: 'prod', LOG_LEVEL: 'debug' })
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
      await using child = run({ DATA_DIR: directory.path })
      const response = await post(`http://127.0.0.1:${await child.port()}`, sampleReport())
      child.process.kill('SIGKILL')
      expect(response.status).toBe(201)
      expect(await child.exit).toEqual({ code: null, signal: 'SIGKILL' })
    }
    await using child = run({ DATA_DIR: directory.path })
    const response = await fetch(`http://127.0.0.1:${await child.port()}/api/reports/1`)
    expect(await response.json()).toEqual(sampleReport())
  })

  it('keeps the report under way when it stops', async () => {
    using directory = temporaryDirectory()
    {
      await using child = run({ DATA_DIR: directory.path })
      const port = await child.port()
      await using idle = await connectRaw(port)
      idle.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
      await idle.until(/live/)
      await using client = await connectRaw(port)
      const rest = await beginPost(client, '/api/reports', JSON.stringify(sampleReport()))
      child.process.kill('SIGTERM')
      await idle.closed()
      client.write(rest)
      expect(await client.closed()).toMatch(/HTTP\/1\.1 201 Created/)
      expect(await child.exit).toEqual({ code: 0, signal: null })
    }
    await using child = run({ DATA_DIR: directory.path })
    const response = await fetch(`http://127.0.0.1:${await child.port()}/api/reports/1`)
    expect(await response.json()).toEqual(sampleReport())
  })

  it('answers 503 on a full disk and goes on', async () => {
    using directory = temporaryDirectory()
    // Blocks of 512 or 1024 bytes, as the shell counts: a file may have 1 or 2 MiB, a write beyond fails.
    await using child = run({ DATA_DIR: directory.path }, 'ulimit -f 2048;')
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
  it('says that its directory cannot be written and exits 1', async () => {
    using directory = temporaryDirectory()
    const file = join(directory.path, 'file')
    writeFileSync(file, '')
    await using child = run({ DATA_DIR: file })
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
    await using child = run({ DATA_DIR: directory.path })
    expect(await child.exit).toEqual({ code: 1, signal: null })
    expect(JSON.parse(child.lines[0] ?? '').msg).toMatch(/has schema version 99/)
  })
})
