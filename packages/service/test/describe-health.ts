import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { startServer } from '../src/server.ts'

/** The tests of a service's health check, the module `health`: each service has its own, and all are alike. */
export function describeHealth(health: URL): void {
  async function check(port: number): Promise<number> {
    const child = spawn(process.execPath, [fileURLToPath(health)], {
      env: { PORT: String(port) },
      stdio: 'ignore',
    })
    const [code] = await once(child, 'exit')
    return code
  }

  // Starting a process takes seconds where many run at once.
  describe('the health check', { timeout: 30_000 }, () => {
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
      expect(await check(server.port)).toBe(code)
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
      expect(await check(typeof address === 'object' ? (address?.port ?? 0) : 0)).toBe(1)
      expect(performance.now() - begun).toBeGreaterThan(1900)
      await sockets.disposeAsync()
    })

    it('of nothing exits 1', async () => {
      const server = await startServer(() => {}, { port: 0, host: '127.0.0.1' })
      await server.stop(0)
      expect(await check(server.port)).toBe(1)
    })
  })
}
