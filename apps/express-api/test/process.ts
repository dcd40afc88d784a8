import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/**
 * Runs the service as a process of its own on a free port, killed at the end of the scope.
 * @param prefix shell commands to run before it in the same process, such as `ulimit`
 */
export async function runMain(env: NodeJS.ProcessEnv, prefix = '') {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn('/bin/sh', ['-c', `${prefix} exec "$0" "$1"`, process.execPath, main], {
    env: { PATH: process.env.PATH, PORT: String(port), HOST: '127.0.0.1', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const exit = once(child, 'close')
  // Kept alive after its answer, as a proxy does.
  const agent = new Agent({ keepAlive: true })

  return {
    process: child,
    exit,
    stderr: () => stderr,

    /** The URL of the service, once it answers. */
    async ready(): Promise<string> {
      await expect
        .poll(() =>
          fetch(`${url}/readyz`).then(
            ({ ok }) => ok,
            () => false,
          ),
        )
        .toBe(true)
      return url
    },

    /** Posts half of a JSON body. @returns what sends the rest, and answers the status */
    async beginPost(path: string, body: string): Promise<() => Promise<number | undefined>> {
      const half = body.length >> 1
      const sent = request(url + path, {
        method: 'POST',
        agent,
        headers: {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(body),
          Expect: '100-continue',
        },
      })
      sent.flushHeaders()
      await once(sent, 'continue')
      sent.write(body.slice(0, half))
      return async () => {
        sent.end(body.slice(half))
        const [response] = (await once(sent, 'response')) as [IncomingMessage]
        response.resume()
        return response.statusCode
      }
    },

    /** Resolves once nobody is listening any more. */
    async stopsListening(): Promise<void> {
      await expect
        .poll(() =>
          fetch(url).then(
            () => true,
            () => false,
          ),
        )
        .toBe(false)
    },

    async [Symbol.asyncDispose]() {
      agent.destroy()
      child.kill('SIGKILL')
      await exit
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}
