import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { root } from '@stagecraft/scripts/process'
import { bases } from '@stagecraft/scripts/stand-ins/bases'
import { describe, expect, it, onTestFinished } from 'vitest'

// Root may hide parts of the machine from one process, in a mount namespace of its own.
const isRoot = process.getuid?.() === 0
const nobody = { uid: 65_534, gid: 65_534 }

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'set-up-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

type Options = { env?: NodeJS.ProcessEnv; user?: typeof nobody; mounts?: string[] }

/** Runs set-up code as its commands do. @returns the exit code and what it said on stderr, without step lines */
async function setUp(code: string, options: Options): Promise<{ status: number | null; said: string }> {
  const { env = {}, user, mounts = [] } = options
  const script = `
    import { main } from '${root}/scripts/process.ts'
    import * as downloads from '${root}/scripts/stand-ins/downloads.ts'
    import * as ensure from '${root}/scripts/stand-ins/ensure.ts'
    import * as roots from '${root}/scripts/stand-ins/roots.ts'
    import * as work from '${root}/scripts/stand-ins/work.ts'
    import * as engine from '${root}/scripts/engine.ts'
    await main(async () => { ${code} })`
  const node = [process.execPath, '--input-type=module', '--eval', script]
  const hidden = ['unshare', '--mount', 'sh', '-c', `${mounts.join(' && ')} && "$@"`, 'sh', ...node]
  const [command = '', ...args] = mounts.length > 0 ? hidden : node
  const child = spawn(command, args, {
    cwd: '/',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...user,
  })
  const [said, [status]] = await Promise.all([text(child.stderr), once(child, 'close')])
  return { status, said: said.replaceAll(/^(engine|bases) .*\n/gm, '').trim() }
}

describe('with no engine in reach', () => {
  it('says where DOCKER_HOST points, and the next act', async () => {
    const folder = await makeFolder()
    const { status, said } = await setUp('await engine.ensureEngine()', {
      env: { DOCKER_HOST: `unix://${folder}/none` },
    })
    expect(status).toBe(1)
    expect(said).toBe(
      `No Docker Engine answers at DOCKER_HOST=unix://${folder}/none.\nStart it, or unset DOCKER_HOST to use a local one.`,
    )
  })

  it.runIf(isRoot)('tells someone who is not root where to get one', async () => {
    const folder = await makeFolder()
    const context = ['context', 'create', 'none', '--docker', `host=unix://${folder}/none`]
    spawnSync('docker', ['--config', folder, ...context])
    spawnSync('chmod', ['-R', 'a+rX', folder])
    const env = { DOCKER_CONFIG: folder, DOCKER_CONTEXT: 'none' }
    const { status, said } = await setUp('await engine.ensureEngine()', { env, user: nobody })
    expect(status).toBe(1)
    expect(said).toContain(
      'No Docker Engine answers.\nStart it, or install it: https://docs.docker.com/engine/install/',
    )
  })
})

it.runIf(isRoot)('says that a docker command has no buildx', async () => {
  const folder = await makeFolder()
  const { status, said } = await setUp('await engine.ensureEngine()', {
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

// Each waits for the network most of the time, so they wait together, on work folders and logs of their own.
describe.runIf(isRoot).concurrent('a base', () => {
  const one = {
    name: 'slim',
    title: 'root',
    image: 'stagecraft-test/root',
    packages: ['adduser'],
    slim: true,
    // More than there is: so it is made on the disk.
    megabytes: 1e9,
  }
  const makeRoot = `
    try {
      const index = await downloads.fetchRelease('trixie', roots.trixie)
      await roots.makeRoot(${JSON.stringify(one)}, index, false)
    } finally { await work.removeWork() }`
  const work = join(root, '.cache/bases')
  const logs = join(root, '.cache/logs')
  const own = (options: string): string[] => [
    `mkdir -p ${work} ${logs}`,
    `mount -t tmpfs -o ${options} none ${work}`,
    `mount -t tmpfs none ${logs}`,
    // Says what is left once the command has ended.
    `trap 'ls -A ${work} | sed "s/^/left: /" >&2' EXIT`,
  ]

  it('that no mirror gives names the mirror, and leaves nothing behind', async ({ expect }) => {
    const env = { DEBIAN_MIRROR: 'http://127.0.0.1:9/debian' }
    const { status, said } = await setUp(makeRoot, { env, mounts: own('mode=755') })
    expect(status).toBe(1)
    expect(said).toMatch(/`apt-get update .*` failed/)
    expect(said).toContain('127.0.0.1:9')
    expect(said).toMatch(/Check the network and run this again; what is done is kept\.$/)
  })

  it('that fails stops no other, and each says why', async ({ expect }) => {
    const code = `
      const { bases, done } = ensure.ensureBases(['nginx:1.30-trixie'], { standIns: true })
      const results = await Promise.allSettled([...bases.values()])
      console.error([...bases.keys()][0], results.length, new Set(results.map(({ reason }) => reason.next)).size)
      await done`
    const { status, said } = await setUp(code, {
      env: { DOCKER_HOST: `unix://${work}/none`, DEBIAN_MIRROR: 'http://127.0.0.1:9/debian' },
      mounts: own('mode=755'),
    })
    expect(status).toBe(1)
    expect(said).toContain(`nginx:1.30-trixie ${bases.length} 1\n`)
    expect(said).toMatch(/`apt-get update .*` failed/)
    expect(said).toMatch(/Check the network and run this again; what is done is kept\.$/)
  })

  it('that the disk cannot hold says so, and leaves nothing behind', async ({ expect }) => {
    const { status, said } = await setUp(makeRoot, { mounts: own('size=100m') })
    expect(status).toBe(1)
    expect(said).toContain('No space left on device')
    expect(said).toMatch(/Check the network and the free disk space, then run this again\.$/)
  })

  it('that an engine cannot take because it ends says so; the next run makes it', async ({ expect }) => {
    // A way to the engine that ends in the middle of the image.
    const folder = await makeFolder()
    const path = join(folder, 'engine.sock')
    const proxy = createServer((client) => {
      const engine = createConnection('/var/run/docker.sock')
      let bytes = 0
      client.on('data', (chunk) => {
        bytes += chunk.length
        if (bytes > 5e6) proxy.close().emit('cut')
      })
      proxy.once('cut', () => {
        client.destroy()
        engine.destroy()
      })
      for (const socket of [client, engine]) socket.on('error', () => {})
      client.pipe(engine).pipe(client)
    }).listen(path)
    const image = 'stagecraft-test/root:dying'
    const code = makeRoot.replaceAll(one.image, image).replace('"slim"', '"dying"')
    const cut = await setUp(code, { env: { DOCKER_HOST: `unix://${path}` }, mounts: own('mode=755') })
    expect(cut.status).toBe(1)
    expect(cut.said).toMatch(/docker load.* failed/s)
    expect(cut.said).toMatch(/Check the network and the free disk space, then run this again\.$/)
    expect(spawnSync('docker', ['image', 'inspect', image]).status).toBe(1)
    const whole = await setUp(code, { mounts: own('mode=755') })
    expect(whole).toEqual({ status: 0, said: '' })
    expect(spawnSync('docker', ['image', 'rm', image]).status).toBe(0)
  })

  it('that is killed half-way leaves nothing mounted and nothing running, and what it leaves goes with the next run', async ({
    expect,
  }) => {
    const code = `
      import { fetchRelease } from '${root}/scripts/stand-ins/downloads.ts'
      import { makeRoot, trixie } from '${root}/scripts/stand-ins/roots.ts'
      await makeRoot(${JSON.stringify({ ...one, name: 'killed' })}, await fetchRelease('trixie', trixie), false)`
    const log = join(logs, 'base-killed.log')
    await rm(log, { force: true })
    const node = spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: 'ignore' })
    await expect
      .poll(() => readFile(log, 'utf8').catch(() => ''), { timeout: 60_000 })
      .toContain('installing essential packages')
    node.kill('SIGKILL')
    await once(node, 'close')
    const folder = join(work, `${node.pid}-`)
    await expect.poll(() => spawnSync('pgrep', ['--full', folder]).status).toBe(1)
    expect(await readFile('/proc/self/mounts', 'utf8')).not.toContain(folder)
    const left = async () => (await readdir(work)).filter((name) => name.startsWith(`${node.pid}-`))
    expect(await left()).not.toEqual([])
    await setUp('await work.removeWork()', {})
    expect(await left()).toEqual([])
  })
})

it.runIf(isRoot)('a base of the right name that is another image is named, and left alone', async () => {
  const name = 'node:99-trixie'
  const stranger = spawnSync('docker', ['build', '--quiet', `--tag=${name}`, '-'], {
    input: 'FROM scratch\nENV A=b',
  })
  expect(stranger.status).toBe(0)
  onTestFinished(() => void spawnSync('docker', ['image', 'rm', name]))
  const code = `
    const { bases } = ensure.ensureBases(['${name}'], { also: [{ ...${JSON.stringify(bases[0])}, name: '${name}' }] })
    await bases.get('${name}')`
  const { status, said } = await setUp(code, {})
  expect(status).toBe(1)
  expect(said).toBe(
    `The image ${name} on this machine is another one: it has no NODE_VERSION=99.\nRemove it, or give it another name, then run this again: docker image rm ${name}`,
  )
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
