import { readFileSync } from 'node:fs'
import { type Child, runMain } from '@stagecraft/service/test/child'
import { beginPost, connectRaw } from '@stagecraft/service/test/raw-connection'
import { describe, expect, it, vi } from 'vitest'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

// Starting a process takes seconds where many run at once.
vi.setConfig({ testTimeout: 30_000 })

function run(env: NodeJS.ProcessEnv = {}): Child {
  return runMain(new URL('main.ts', import.meta.url), env)
}

describe('the process', () => {
  it('serves, and logs nothing but JSON lines', async () => {
    await using child = run({ VARIANT: 'prod' })
    const url = `http://127.0.0.1:${await child.port()}`
    expect(await (await fetch(url)).json()).toEqual({
      name: 'fastify-service',
      version,
      variant: 'prod',
      node: process.version,
    })
    await fetch(`${url}/healthz`)
    await fetch(`${url}/nothing`)
    child.process.kill('SIGTERM')
    expect(await child.exit).toEqual({ code: 0, signal: null })
    expect(child.lines.map((line) => JSON.parse(line))).toMatchObject([
      { app: 'fastify-service', msg: 'listening' },
      { msg: 'request completed', req: { url: '/' }, res: { statusCode: 200 } },
      { msg: 'request completed', req: { url: '/nothing' }, res: { statusCode: 404 } },
      { msg: 'stopping' },
      { msg: 'stopped' },
    ])
    expect(child.stderr.join('')).toBe('')
  })

  it('answers the request under way when it stops, and closes its connection', async () => {
    await using child = run()
    const port = await child.port()
    await using idle = await connectRaw(port)
    idle.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await idle.until(/live/)
    await using client = await connectRaw(port)
    const rest = await beginPost(client, '/analyze', JSON.stringify({ dockerfile: 'FROM scratch\n' }))
    child.process.kill('SIGTERM')
    await idle.closed()
    client.write(rest)
    const answer = await client.closed()
    expect(answer).toMatch(/HTTP\/1\.1 200 OK\r\n/)
    expect(answer).toMatch(/\r\nconnection: close\r\n/i)
    expect(await child.exit).toEqual({ code: 0, signal: null })
  })

  it('names the wrong variables on one line and exits 2', async () => {
    await using child = run({ PORT: 'http' })
    expect(await child.exit).toEqual({ code: 2, signal: null })
    expect(child.lines.map((line) => JSON.parse(line).msg)).toEqual([
      'PORT is "http", it must be a port number from 0 to 65535',
    ])
  })
})
