import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { attempt, interrupt, main, root, run, SetupError, say } from './process.ts'
import { setUp } from './setup.ts'

const port = Number(process.env.PORT ?? 8080)
const url = `http://127.0.0.1:${port}`
const report = join(root, '.cache/report.json')

await main(async () => {
  await requirePort()
  await setUp()
  const compare = join(root, 'packages/compare/src/cli.ts')
  const { code } = await attempt('node', [compare, '--contract', '--output', report], { inherit: true })
  if (code !== 0) {
    process.exitCode = code
    return
  }
  say('stack', 'starting react-spa, express-api and fastify-service')
  const logs = 'See what it says: docker compose logs'
  await run('docker', ['compose', 'up', '--detach', '--wait', '--wait-timeout', '60'], logs, { log: 'stack' })
  await postReport()
  await requirePage()
  console.log(`\nThe dashboard: ${url}`)
  console.log('Stop it with: npm stop')
})

/** Fails early, before any long step, when something that is not this stack holds the port. */
async function requirePort(): Promise<void> {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new SetupError(`PORT is "${process.env.PORT}", not a port.`, 'Set it to a number from 1 to 65535.')
  }
  const { stdout } = await attempt('docker', ['compose', 'ps', '--quiet'])
  if (stdout.trim()) return
  const server = createServer()
  const { promise, resolve } = Promise.withResolvers<boolean>()
  server.on('error', () => resolve(false)).listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  if (await promise) return
  throw new SetupError(
    `Port ${port} is taken by another program.`,
    `Stop it, or choose another port: PORT=${port + 1} npm start`,
  )
}

async function postReport(): Promise<void> {
  const response = await fetch(`${url}/api/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: await readFile(report, 'utf8'),
    signal: interrupt.signal,
  })
  if (response.status !== 201) {
    throw new SetupError(
      `express-api did not take the report: ${response.status} ${await response.text()}`,
      'See what it says: docker compose logs',
    )
  }
}

/** Asks for what a browser would: the page, its script, and the report that it shows. */
async function requirePage(): Promise<void> {
  const page = await (await ask('/')).text()
  const script = /<script [^>]*src="([^"]+)"/.exec(page)?.[1]
  await ask(script ?? '/the script that the page should name')
  await ask('/api/reports/latest')
}

async function ask(path: string): Promise<Response> {
  const response = await fetch(url + path, { signal: interrupt.signal })
  if (response.ok) return response
  throw new SetupError(
    `The dashboard does not work: ${path} answered ${response.status}`,
    'See what it says: docker compose logs',
  )
}
