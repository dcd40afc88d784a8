import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { startServer } from './server.ts'

// Starting a process takes seconds where many run at once.
vi.setConfig({ testTimeout: 30_000 })

async function checkHealth(port: number): Promise<number> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('health.ts', import.meta.url))], {
    env: { PORT: String(port) },
    stdio: 'ignore',
  })
  const [code] = await once(child, 'exit')
  return code
}

describe('the health check', () => {
  it.each([
    [200, 0],
    [503, 1],
    [404, 1],
  ])('of a service that answers %i exits %i', async (status, code) => {
    const paths: (string | undefined)[] = []
    const server = await startServer(
      ({ url }, response) => {
        paths.push(url)
        response.writeHead(status).end()
      },
      { port: 0, host: '127.0.0.1' },
    )
    expect(await checkHealth(server.port)).toBe(code)
    expect(paths).toEqual(['/healthz'])
    await server.stop(0)
  })

  it('of a service that hangs exits 1 after 2 s', async () => {
    // Accepts, and never says anything.
    await using server = createServer().listen(0, '127.0.0.1')
    const sockets = new AsyncDisposableStack()
    server.on('connection', (socket) => sockets.defer(() => void socket.destroy()))
    await once(server, 'listening')
    const address = server.address()
    const begun = performance.now()
    expect(await checkHealth(typeof address === 'object' ? (address?.port ?? 0) : 0)).toBe(1)
    expect(performance.now() - begun).toBeGreaterThan(1900)
    await sockets.disposeAsync()
  })

  it('of nothing exits 1', async () => {
    const server = await startServer(() => {}, { port: 0, host: '127.0.0.1' })
    await server.stop(0)
    expect(await checkHealth(server.port)).toBe(1)
  })
})
