import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { interrupt, root, SetupError } from './process.ts'

const published = join(root, 'docs/report.json')

/**
 * Serves the dashboard where no engine runs, until it is interrupted: its three apps as plain processes, with the
 * published report. The page says that its figures are of another machine.
 * @param why there is no engine
 * @throws SetupError when one of the apps does not come up
 */
export async function serveWithoutEngine(why: SetupError, port: number): Promise<void> {
  console.error(`\n${why.message}\n${why.next}\n`)
  const report = JSON.parse(await readFile(published, 'utf8'))
  await mkdir(join(root, '.cache'), { recursive: true })
  const data = await mkdtemp(join(root, '.cache/without-engine-'))
  const [reports, analyzer] = [await freePort(), await freePort()]
  const apps: Record<string, NodeJS.ProcessEnv> = {
    'apps/express-api/src/main.ts': { PORT: String(reports), DATA_DIR: data },
    'apps/fastify-service/src/main.ts': { PORT: String(analyzer) },
    'apps/react-spa/node_modules/vite/bin/vite.js': {
      PORT: String(port),
      REPORTS_API: `http://127.0.0.1:${reports}`,
      ANALYZER_API: `http://127.0.0.1:${analyzer}`,
    },
  }
  const children = Object.entries(apps).map(([path, env]) => startApp(path, env))
  endWithThisProcess(children, data)
  try {
    await Promise.all([reports, analyzer, port].map((each) => untilLive(each, children)))
    const response = await fetch(`http://127.0.0.1:${reports}/api/reports`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...report, published: true }),
    })
    if (!response.ok)
      throw new SetupError(`express-api refused docs/report.json: ${await response.text()}`, restore)
    const { engine, architecture, cpus } = report.host
    const when = report.createdAt.slice(0, 10)
    console.log(`The dashboard: http://127.0.0.1:${port}`)
    console.log(
      `Its figures are of ${when}, from another machine: Docker ${engine}, ${architecture}, ${cpus} CPUs.`,
    )
    console.log('Stop it with Ctrl-C.')
    await Promise.race([...children.map((child) => once(child, 'exit')), once(interrupt.signal, 'abort')])
    interrupt.signal.throwIfAborted()
    throw new SetupError('An app of the dashboard has ended.', next)
  } finally {
    for (const child of children) child.kill()
    await Promise.all(children.map((child) => isRunning(child) && once(child, 'exit')))
    await rm(data, { recursive: true, force: true })
  }
}

const next = 'Read what it wrote above, then run this again.'
const restore = 'Take the committed one: git checkout docs/report.json'

function startApp(path: string, env: NodeJS.ProcessEnv): ChildProcess {
  // Its log is for whoever runs it alone; here, what goes wrong is enough.
  return spawn(process.execPath, [join(root, path)], {
    cwd: join(root, path.split('/').slice(0, 2).join('/')),
    env: { ...process.env, HOST: '127.0.0.1', LOG_LEVEL: 'error', ...env },
    stdio: 'inherit',
  })
}

/** Not even SIGKILL leaves an app or its data: a shell waits for the end of this process's pipe to it. */
function endWithThisProcess(children: readonly ChildProcess[], data: string): void {
  const script = 'cat > /dev/null; kill "$@"; rm -rf "$0"'
  const pids = children.flatMap(({ pid }) => pid ?? []).map(String)
  const remover = spawn('sh', ['-c', script, data, ...pids], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  remover.unref()
  ;(remover.stdin as Socket).unref()
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}

async function untilLive(port: number, children: readonly ChildProcess[]): Promise<void> {
  while (children.every(isRunning)) {
    const live = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined)
    if (live?.ok) return
    await sleep(50, undefined, { signal: interrupt.signal })
  }
  throw new SetupError('An app of the dashboard did not start.', next)
}
