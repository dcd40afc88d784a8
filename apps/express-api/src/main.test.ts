import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Page, Summary } from '@stagecraft/report/api'
import { sampleReport } from '@stagecraft/report/test/sample'
import { describe, expect, it } from 'vitest'
import { runMain } from '../test/process.ts'
import { getJson, post } from '../test/service.ts'
import { temporaryDirectory } from '../test/temporary-directory.ts'

describe('the process', () => {
  it('has kept a report that it acknowledged right before it was killed', async () => {
    using directory = temporaryDirectory()
    {
      await using main = await runMain({ DATA_DIR: directory.path })
      const response = await post(await main.ready(), sampleReport())
      main.process.kill('SIGKILL')
      expect(response.status).toBe(201)
    }
    await using main = await runMain({ DATA_DIR: directory.path })
    expect(await getJson(`${await main.ready()}/api/reports/1`)).toEqual(sampleReport())
  })

  it('keeps the report under way when it stops', async () => {
    using directory = temporaryDirectory()
    {
      await using main = await runMain({ DATA_DIR: directory.path })
      await main.ready()
      const finish = await main.beginPost('/api/reports', JSON.stringify(sampleReport()))
      main.process.kill('SIGTERM')
      await main.stopsListening()
      expect(await finish()).toBe(201)
      expect(await main.exit).toEqual([0, null])
    }
    await using main = await runMain({ DATA_DIR: directory.path })
    expect(await getJson(`${await main.ready()}/api/reports/1`)).toEqual(sampleReport())
  })

  it('answers 503 on a full disk and goes on', async () => {
    using directory = temporaryDirectory()
    // Blocks of 512 or 1024 bytes, as the shell counts: a file may have 1 or 2 MiB, a write beyond fails.
    await using main = await runMain({ DATA_DIR: directory.path }, 'ulimit -f 2048;')
    const url = await main.ready()
    const report = { ...sampleReport(), padding: 'x'.repeat(500_000) }
    const statuses: number[] = []
    while (!statuses.includes(503) && statuses.length < 20) statuses.push((await post(url, report)).status)
    expect([statuses.at(0), statuses.at(-1)]).toEqual([201, 503])
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    const page = await getJson<Page<Summary>>(`${url}/api/reports?limit=100`)
    expect(page.items).toHaveLength(statuses.length - 1)
    expect(await getJson(`${url}/api/reports/1`)).toEqual(report)
  })
})

describe('a process that cannot start', () => {
  it('says that its directory cannot be written', async () => {
    using directory = temporaryDirectory()
    const file = join(directory.path, 'file')
    writeFileSync(file, '')
    await using main = await runMain({ DATA_DIR: file })
    expect(await main.exit).toEqual([1, null])
    expect(main.stderr()).toMatch(/Error: DATA_DIR .* or set DATA_DIR to a directory/)
  })

  it('refuses the database of a newer release', async () => {
    using directory = temporaryDirectory()
    const db = new DatabaseSync(join(directory.path, 'reports.db'))
    db.exec('PRAGMA user_version = 99')
    db.close()
    await using main = await runMain({ DATA_DIR: directory.path })
    expect(await main.exit).toEqual([1, null])
    expect(main.stderr()).toMatch(/Error: .* has schema version 99/)
  })

  it('names the variables with a wrong value', async () => {
    await using main = await runMain({ PORT: 'http', LOG_LEVEL: 'loud' })
    expect(await main.exit).toEqual([1, null])
    expect(main.stderr()).toMatch(/PORT/)
    expect(main.stderr()).toMatch(/LOG_LEVEL/)
  })
})
