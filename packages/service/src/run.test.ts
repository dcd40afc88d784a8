import { describe, expect, it, vi } from 'vitest'
import { type Child, runMain } from '../test/child.ts'
import { beginPost, connectRaw } from '../test/raw-connection.ts'

// Starting a process takes seconds where many run at once.
vi.setConfig({ testTimeout: 30_000 })

const get = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'
const body = JSON.stringify({ some: 'document' })

function run(env: NodeJS.ProcessEnv = {}): Child {
  return runMain(new URL('../test/main.ts', import.meta.url), env)
}

describe('the process', () => {
  it('stops on a signal and exits 0', async () => {
    await using child = run()
    await child.port()
    child.process.kill('SIGTERM')
    expect(await child.exit).toEqual({ code: 0, signal: null })
    expect(child.lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'info', app: 'sample', msg: 'listening' },
      { level: 'info', app: 'sample', msg: 'stopping' },
      { level: 'info', app: 'sample', msg: 'stopped' },
    ])
    expect(child.stderr.join('')).toBe('')
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('finishes the request under way on %s', async (signal) => {
    await using child = run()
    const port = await child.port()
    await using idle = await connectRaw(port)
    idle.write(get)
    await idle.until(/answered/)
    await using client = await connectRaw(port)
    const rest = await beginPost(client, '/', body)
    child.process.kill(signal)
    await idle.closed()
    client.write(rest)
    expect(await client.closed()).toMatch(/HTTP\/1\.1 201 Created/)
    expect(await child.exit).toEqual({ code: 0, signal: null })
  })

  it('ends at once on a second signal', async () => {
    await using child = run()
    const port = await child.port()
    await using idle = await connectRaw(port)
    idle.write(get)
    await idle.until(/answered/)
    await using client = await connectRaw(port)
    await beginPost(client, '/', body)
    child.process.kill('SIGTERM')
    await idle.closed()
    child.process.kill('SIGTERM')
    expect(await child.exit).toEqual({ code: null, signal: 'SIGTERM' })
  })

  it('cuts off a request that does not end and says so by exit code 1', async () => {
    await using child = run()
    await using client = await connectRaw(await child.port())
    await beginPost(client, '/', body)
    child.process.kill('SIGTERM')
    expect(await child.exit).toEqual({ code: 1, signal: null })
    expect(child.lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ cutOff: 1, msg: 'stopped before every request was answered' }),
    )
  })
})

describe('a process that cannot start', () => {
  it('names the wrong variables on one line and exits 2', async () => {
    await using child = run({ PORT: 'http', LOG_LEVEL: 'loud' })
    expect(await child.exit).toEqual({ code: 2, signal: null })
    expect(child.lines).toHaveLength(1)
    expect(JSON.parse(child.lines[0] ?? '')).toMatchObject({
      level: 'fatal',
      msg: expect.stringMatching(/^PORT is "http", it must be .*; LOG_LEVEL is "loud", it must be /),
    })
    expect(child.stderr.join('')).toBe('')
  })

  it('says that its port is taken and exits 1', async () => {
    await using first = run()
    await using second = run({ PORT: String(await first.port()) })
    expect(await second.exit).toEqual({ code: 1, signal: null })
    expect(JSON.parse(second.lines[0] ?? '').msg).toMatch(/^Cannot listen: .*EADDRINUSE/)
  })
})
