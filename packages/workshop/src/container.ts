import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { removedWithThisProcess } from '@stagecraft/engine/engine'
import { execa } from 'execa'

export interface ContainerRequest {
  /** The image's digest. */
  image: string
  /** Where it serves, and the path that says that it is ready; without it, the container is awaited to its end. */
  run?: { port: number; ready: string } | undefined
  args?: readonly string[] | undefined
  user?: string | undefined
  entry?: readonly string[] | undefined
  signal?: AbortSignal | undefined
}

/** Why a container does not answer. */
export type Silence =
  | { why: 'not-started' }
  | { why: 'exited'; code: number }
  /** Listens, where nothing from outside comes to it. */
  | { why: 'loopback'; port: number }
  | { why: 'other-port'; port: number }
  | { why: 'nothing-listens' }
  /** Listens where it should, and says nothing. */
  | { why: 'no-answer' }

export interface Contained extends AsyncDisposable {
  id: string
  /** Undefined if it answers, or was not to. */
  silence?: Silence
  /** What it wrote, or why it was not started. */
  output(): Promise<string>
  /** Status 0: no answer. */
  ask(route: string): Promise<{ status: number; body: string }>
}

/** Milliseconds: for one that listens and says nothing, and for one that does not listen. */
const patience = { listening: 3000, silent: 10_000 }
/** Characters of output and of a body that are kept. */
const bounded = 20_000

async function docker(args: readonly string[], signal?: AbortSignal) {
  return execa('docker', args, {
    reject: false,
    all: true,
    stdin: 'ignore',
    maxBuffer: { all: 1_000_000, stdout: 1_000_000, stderr: 1_000_000 },
    ...(signal && { cancelSignal: signal }),
  })
}

/** Starts a container with bounded means, and waits until it answers or ends, or will do neither. */
export async function contain(asked: ContainerRequest): Promise<Contained> {
  const { image, run, args = [], user, entry, signal } = asked
  const labels = Object.entries(removedWithThisProcess()).map(([key, value]) => `--label=${key}=${value}`)
  const [entrypoint, ...rest] = entry ?? []
  const created = await docker(
    [
      'create',
      ...labels,
      ...(run ? [`--publish=127.0.0.1::${run.port}`] : ['--network=none']),
      '--memory=512m',
      '--memory-swap=512m',
      '--pids-limit=256',
      '--security-opt=no-new-privileges',
      '--log-opt=max-size=1m',
      ...(user === undefined ? [] : [`--user=${user}`]),
      ...(entrypoint === undefined ? [] : [`--entrypoint=${entrypoint}`]),
      image,
      ...rest,
      ...args,
    ],
    signal,
  )
  const id = created.stdout.trim()
  const contained: Contained = {
    id,
    output: async () => ((await docker(['logs', id])).all ?? '').slice(-bounded),
    ask: async () => ({ status: 0, body: '' }),
    async [Symbol.asyncDispose]() {
      if (id) await docker(['rm', '--force', '--volumes', id])
    },
  }
  const notStarted = (said: string): Contained => ({
    ...contained,
    silence: { why: 'not-started' },
    output: async () => said.replace(/^Error response from daemon: /, ''),
  })
  if (created.failed) return notStarted(created.stderr)
  const started = await docker(['start', id], signal)
  if (started.failed) return notStarted(started.stderr)
  if (!run) {
    await untilEnd(id, signal)
    return contained
  }
  const { stdout } = await docker(['port', id, `${run.port}/tcp`], signal)
  const [address] = stdout.trim().split('\n')
  // One that has ended already has no address.
  if (address) contained.ask = (route) => ask(`http://${address}${route}`)
  const silence = await untilReady(contained, run, signal)
  return silence ? { ...contained, silence } : contained
}

async function untilEnd(id: string, signal: AbortSignal | undefined): Promise<void> {
  const timeout = AbortSignal.timeout(patience.silent)
  await docker(['wait', id], signal ? AbortSignal.any([signal, timeout]) : timeout)
  signal?.throwIfAborted()
  if (timeout.aborted) await docker(['kill', id])
}

async function untilReady(
  container: Contained,
  { port, ready }: { port: number; ready: string },
  signal: AbortSignal | undefined,
): Promise<Silence | undefined> {
  const begin = performance.now()
  const waited = () => performance.now() - begin
  let answered: number | undefined
  let looked = 0
  let silence: Silence | undefined
  for (;;) {
    signal?.throwIfAborted()
    const { status } = await container.ask(ready)
    if (status === 200) return undefined
    if (status > 0) answered ??= waited()
    if (answered !== undefined && waited() - answered > patience.listening) return undefined
    const state = await stateOf(container.id)
    if (state && !state.running) return { why: 'exited', code: state.code }
    if (answered === undefined && waited() > patience.listening && waited() - looked > 2000) {
      looked = waited()
      const found = await listening(container.id, port)
      // A server that was about to listen has had its time when it is seen twice.
      if (found.why !== 'nothing-listens' && found.why === silence?.why) return found
      if (waited() > patience.silent) return found
      silence = found
    }
    await sleep(50, undefined, signal ? { signal } : {})
  }
}

async function stateOf(id: string): Promise<{ running: boolean; code: number } | undefined> {
  const { stdout, failed } = await docker(['inspect', '--format={{.State.Running}} {{.State.ExitCode}}', id])
  const [running, code] = stdout.trim().split(' ')
  return failed ? undefined : { running: running === 'true', code: Number(code) }
}

async function listening(id: string, port: number): Promise<Silence> {
  const [{ runBeside }, { parseListeners }] = await Promise.all([
    import('@stagecraft/engine'),
    import('@stagecraft/contract'),
  ])
  const tables = await runBeside('cd /proc/net && grep -H : tcp tcp6 udp udp6', {
    NetworkMode: `container:${id}`,
  })
  const tcp = parseListeners(tables).filter((each) => each.port.endsWith('/tcp'))
  const number = (each: { port: string } | undefined) => Number(each?.port.split('/')[0])
  const open = tcp.filter(({ loopback }) => !loopback)
  if (open.some((each) => number(each) === port)) return { why: 'no-answer' }
  if (open[0]) return { why: 'other-port', port: number(open[0]) }
  if (tcp[0]) return { why: 'loopback', port: number(tcp[0]) }
  return { why: 'nothing-listens' }
}

/** A GET over a connection of its own; two seconds. */
function ask(url: string): Promise<{ status: number; body: string }> {
  const { promise, resolve } = Promise.withResolvers<{ status: number; body: string }>()
  const asked = request(url, { agent: false, timeout: 2000 }, (response) => {
    let body = ''
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      if (body.length < bounded) body += chunk
    })
    response.on('close', () => resolve({ status: response.statusCode ?? 0, body }))
  })
  asked
    .on('timeout', () => asked.destroy())
    .on('error', () => resolve({ status: 0, body: '' }))
    .end()
  return promise
}

/** How a container ends on SIGTERM: by itself, or killed after five seconds. */
export async function stopContainer(id: string): Promise<{ killed: boolean; code: number }> {
  await docker(['stop', '--time=5', id])
  const { code = 0 } = (await stateOf(id)) ?? {}
  return { killed: code === 137, code }
}

/** Of the container's processes, the first begins: number, user's number, command line. */
export async function processesOf(id: string): Promise<{ uid: number; command: string }[]> {
  const { stdout, failed } = await docker(['top', id, '-eo', 'pid,uid,args'])
  if (failed) return []
  return stdout
    .trim()
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, , uid, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
      return command === undefined ? [] : [{ uid: Number(uid), command }]
    })
}

export async function exitCodeOf(id: string): Promise<number> {
  return (await stateOf(id))?.code ?? -1
}
