import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { root } from './process.ts'

// Root may hide parts of the machine from one process, in a mount namespace of its own.
const isRoot = process.getuid?.() === 0
const nobody = { uid: 65_534, gid: 65_534 }

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'set-up-'))
})
afterEach(() => rm(folder, { recursive: true }))

type Options = { env?: NodeJS.ProcessEnv; user?: typeof nobody; mounts?: string[] }

/** Runs set-up code as its commands do. @returns the exit code and what it said on stderr, without step lines */
function setUp(
  code: string,
  { env = {}, user, mounts = [] }: Options,
): { status: number | null; said: string } {
  const script = `
    import { main } from '${root}/scripts/process.ts'
    import * as bases from '${root}/scripts/bases.ts'
    import * as engine from '${root}/scripts/engine.ts'
    await main(async () => { ${code} })`
  const node = [process.execPath, '--input-type=module', '--eval', script]
  const hidden = ['unshare', '--mount', 'sh', '-c', `${mounts.join(' && ')} && exec "$@"`, 'sh', ...node]
  const [command = '', ...args] = mounts.length > 0 ? hidden : node
  const { status, stderr } = spawnSync(command, args, {
    cwd: '/',
    env: { ...process.env, ...env },
    encoding: 'utf8',
    ...user,
  })
  return { status, said: stderr.replaceAll(/^(engine|bases) .*\n/gm, '').trim() }
}

describe('with no engine in reach', () => {
  it('says where DOCKER_HOST points, and the next act', () => {
    const { status, said } = setUp('await engine.ensureEngine()', {
      env: { DOCKER_HOST: `unix://${folder}/none` },
    })
    expect(status).toBe(1)
    expect(said).toBe(
      `No Docker Engine answers at DOCKER_HOST=unix://${folder}/none.\nStart it, or unset DOCKER_HOST to use a local one.`,
    )
  })

  it.runIf(isRoot)('tells someone who is not root where to get one', () => {
    const context = ['context', 'create', 'none', '--docker', `host=unix://${folder}/none`]
    spawnSync('docker', ['--config', folder, ...context])
    spawnSync('chmod', ['-R', 'a+rX', folder])
    const env = { DOCKER_CONFIG: folder, DOCKER_CONTEXT: 'none' }
    const { status, said } = setUp('await engine.ensureEngine()', { env, user: nobody })
    expect(status).toBe(1)
    expect(said).toContain(
      'No Docker Engine answers.\nStart it, or install it: https://docs.docker.com/engine/install/',
    )
  })
})

it.runIf(isRoot)('says that a docker command has no buildx', () => {
  const { status, said } = setUp('await engine.ensureEngine()', {
    mounts: [
      'for plugins in /usr/local/lib/docker /usr/libexec/docker /usr/lib/docker; do [ ! -d $plugins ] || mount -t tmpfs none $plugins; done',
    ],
    env: { DOCKER_CONFIG: folder },
  })
  expect(status).toBe(1)
  expect(said).toMatch(
    /^The docker command has no buildx\.\nInstall the docker-buildx-plugin package: https:/,
  )
})

describe.runIf(isRoot)('a base that can neither be pulled nor built', () => {
  const makeRoot = `await bases.makeRoot({ image: 'stagecraft-test/root', packages: ['adduser'], slim: true })`
  const work = join(root, '.cache/bases')
  beforeEach(async () => void (await mkdir(work, { recursive: true })))

  it('names the mirror that is out of reach, and leaves nothing behind', async () => {
    const before = await readdir(work)
    const { status, said } = setUp(makeRoot, { env: { DEBIAN_MIRROR: 'http://127.0.0.1:9/debian' } })
    expect(status).toBe(1)
    expect(said).toMatch(/mmdebstrap` failed/)
    expect(said).toContain('127.0.0.1:9')
    expect(said).toMatch(/Check the network and the free disk space, then run this again\.$/)
    expect(await readdir(work)).toEqual(before)
  })

  it('says that the disk is full, and leaves nothing behind', async () => {
    const before = await readdir(work)
    const { status, said } = setUp(makeRoot, { mounts: [`mount -t tmpfs -o size=40m none ${work}`] })
    expect(status).toBe(1)
    expect(said).toContain('No space left on device')
    expect(said).toMatch(/Check the network and the free disk space, then run this again\.$/)
    expect(await readdir(work)).toEqual(before)
  })
})

it.runIf(isRoot)('a root that is killed half-way leaves nothing mounted', async () => {
  const mounts = (): Promise<string> => readFile('/proc/self/mounts', 'utf8')
  const before = await mounts()
  const code = `import { makeRoot } from '${root}/scripts/bases.ts'
    await makeRoot({ image: 'stagecraft-test/root', packages: ['adduser'], slim: true })`
  const work = join(root, '.cache/bases')
  const known: string[] = await readdir(work).catch(() => [])
  const log = join(root, '.cache/logs/base-slim.log')
  await rm(log, { force: true })
  const node = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    detached: true,
    stdio: 'ignore',
  })
  await expect
    .poll(() => readFile(log, 'utf8').catch(() => ''), { timeout: 60_000 })
    .toContain('installing essential packages')
  process.kill(-(node.pid as number), 'SIGKILL')
  await once(node, 'close')
  expect(await mounts()).toBe(before)
  const left = (await readdir(work)).filter((name) => !known.includes(name))
  for (const name of left) await rm(join(work, name), { recursive: true })
})

it('start says that its port is taken before it does anything else', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/start.ts')], {
    env: { ...process.env, PORT: String(port), COMPOSE_PROJECT_NAME: 'stagecraft-test' },
    encoding: 'utf8',
  })
  server.close()
  expect(status).toBe(1)
  expect(stderr.trim()).toBe(
    `Port ${port} is taken by another program.\nStop it, or choose another port: PORT=${port + 1} npm start`,
  )
})

it('run.mjs names the commands there are', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/run.mjs'), 'begin'], {
    encoding: 'utf8',
  })
  expect(status).toBe(2)
  expect(stderr).toContain('There is no command "begin". There are: npm run start')
})
