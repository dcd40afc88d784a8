import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadImageConfig } from '@stagecraft/contract'
import { boot, inspectImage, listApps } from '@stagecraft/engine'
import { execa } from 'execa'
import { afterAll, expect, it } from 'vitest'

/**
 * What an image's program needs until it is ready when it is started bare, in the image's own files but without an
 * engine, and what the container needs. Between the two is the engine's own start, which is taken from Go's: its program
 * is ready in a few milliseconds. The shortest of many starts, taken in turns, so that other work on the machine falls
 * on all alike; on a busy one, more of them.
 */
const root = join(import.meta.dirname, '../..')
const fewest = 10
const most = 60
const engineOnly = 'go-hello'

/** nginx's port is in its configuration, where another program may be listening on this machine. */
const apps = (await listApps(root)).filter((app) => app !== 'react-spa')
const folder = await mkdtemp(join(tmpdir(), 'start-'))
afterAll(() => rm(folder, { recursive: true }))

it('a container is ready after at most a quarter more than its program and the engine need', async () => {
  const programs = []
  for (const app of apps) programs.push(await unpack(app))
  const shortest = new Map(apps.map((app) => [app, { bare: Infinity, container: Infinity }]))
  const ratios = () => {
    const { bare, container } = shortest.get(engineOnly) as { bare: number; container: number }
    return [...shortest].map(([app, best]) => [app, best.container / (best.bare + container - bare)] as const)
  }
  const slow = () => ratios().filter(([, ratio]) => ratio > 1.25)
  for (let start = 0; start < fewest || (slow().length > 0 && start < most); start++)
    for (const program of programs) {
      const best = shortest.get(program.app) as { bare: number; container: number }
      best.bare = Math.min(best.bare, await startBare(program))
      await using container = await boot(program)
      best.container = Math.min(best.container, container.readyAfter)
    }
  console.table(Object.fromEntries(ratios().map(([app, ratio]) => [app, { ...shortest.get(app), ratio }])))
  expect(slow()).toEqual([])
}, 1_200_000)

type Program = Awaited<ReturnType<typeof unpack>>

/** Puts the files of an app's `prod` into a folder of its own. */
async function unpack(app: string) {
  const image = `stagecraft/${app}:prod`
  const { port, ready } = await loadImageConfig(join(root, 'apps', app))
  const { Config } = await inspectImage(image)
  const directory = join(folder, app)
  await mkdir(directory)
  const { stdout: id } = await execa('docker', ['create', '--network=none', image])
  await execa('sh', ['-c', 'docker export "$0" | tar -x --no-same-owner -C "$1"', id, directory])
  await execa('docker', ['rm', id])
  return { app, image, port, ready, directory, ...Config }
}

/** @returns milliseconds from the start of the program to the first 200 of its ready path */
async function startBare({ directory, port: declared, ready, Env, Entrypoint, Cmd, WorkingDir }: Program) {
  // Those that listen on 8080 can be told another port; something else may be on it here.
  const port = declared === 8080 ? await freePort() : declared
  const place = ['--map-root-user', `--root=${directory}`, `--wd=${WorkingDir || '/'}`]
  const env = {
    ...Object.fromEntries((Env ?? []).map((each: string) => each.split(/=(.*)/s))),
    PORT: String(port),
  }
  const started = performance.now()
  const child = spawn('unshare', [...place, ...(Entrypoint ?? []), ...(Cmd ?? [])], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
    // A process group of its own, which ends with its workers.
    detached: true,
  })
  try {
    while (!(await answers(`http://127.0.0.1:${port}${ready}`))) {
      if (child.exitCode !== null) throw new Error(`${directory} ended with ${child.exitCode}`)
      await sleep(10)
    }
    return performance.now() - started
  } finally {
    if (child.exitCode === null) {
      process.kill(-(child.pid as number), 'SIGKILL')
      await once(child, 'close')
    }
  }
}

function answers(url: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  request(url, { agent: false }, (response) => {
    response.resume()
    resolve(response.statusCode === 200)
  })
    .on('error', () => resolve(false))
    .end()
  return promise
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}
