import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

it('names the variables with a wrong value', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: { PORT: 'http', LOG_LEVEL: 'loud' },
    encoding: 'utf8',
  })
  expect(status).toBe(1)
  expect(stderr).toMatch(/PORT/)
  expect(stderr).toMatch(/LOG_LEVEL/)
})
