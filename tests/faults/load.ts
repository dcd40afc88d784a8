import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { payload, type Subject } from '@stagecraft/contract'
import { type RunningContainer, readLog, startBare } from '@stagecraft/engine'
import autocannon from 'autocannon'

const connections = 10

/** What an app is asked under load: a request with a body where it takes one, else its first page. */
function asked({ config: { inFlight } }: Subject) {
  if (!inFlight) return { method: 'GET' as const, path: '/', status: 200 }
  const { method, path, status, ...rest } = inFlight
  const { text = '', headers } = payload(rest)
  return { method: method as 'POST', path, body: text, headers, status }
}

/** Sends requests over ten connections until `stop` is called. @param answered told of each answer */
function load(url: string, subject: Subject, answered: (status: number) => void) {
  const { path, status: _, ...request } = asked(subject)
  const { promise, resolve, reject } = Promise.withResolvers<autocannon.Result>()
  const options = { url: url + path, connections, duration: 600, timeout: 20, ...request }
  const instance = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)))
  instance.on('response', (_client, status) => answered(status))
  return {
    stop() {
      instance.stop()
      return promise
    },
  }
}

/** How many requests the app's log names. Fastify writes two lines for each, of which one has the path. */
async function logged({ handle }: RunningContainer, subject: Subject): Promise<number> {
  const path = RegExp.escape(asked(subject).path)
  const { both } = await readLog(handle)
  return both.match(new RegExp(`[ "]${path}[ "]`, 'g'))?.length ?? 0
}

export interface Stops {
  stops: number
  /** As declared. */
  answered: number
  /** With another status. */
  otherwise: number
  /** Named in the app's log, but not answered. */
  lost: number
  /** Answered, but not named in the app's log. */
  unlogged: number
  /** Exit codes other than 0. */
  exits: number[]
}

type Signal = (container: RunningContainer, signal: string) => Promise<unknown>

const throughEngine: Signal = ({ handle }, signal) => handle.kill({ signal })

/**
 * While nobody reads what the program logs: it fills the pipe first, of 64 KiB.
 * @throws Error where this machine is not the engine's; it takes root
 */
export const unread: Signal = async ({ handle }, signal) => {
  const { Id, State } = await handle.inspect()
  const status = await readFile(`/proc/${State.Pid}/status`, 'utf8')
  const shim = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1])
  // Elsewhere these numbers are those of other processes.
  const command = await readFile(`/proc/${shim}/cmdline`, 'utf8')
  if (!command.includes(Id)) throw new Error('this is not the machine of the engine')
  process.kill(shim, 'SIGSTOP')
  try {
    await sleep(1000)
    process.kill(State.Pid, signal)
    await sleep(1500)
  } finally {
    process.kill(shim, 'SIGCONT')
  }
}

/**
 * Stops containers of an image one after the other, each in the middle of requests, `each` of which were answered.
 * @param send how the program gets its signal
 */
export async function stopUnderLoad(
  subject: Subject,
  stops: number,
  each: number,
  send = throughEngine,
): Promise<Stops> {
  const { status } = asked(subject)
  const signal = (await subject.inspect()).Config.StopSignal ?? 'SIGTERM'
  const sum: Stops = { stops, answered: 0, otherwise: 0, lost: 0, unlogged: 0, exits: [] }
  for (let stop = 0; stop < stops; stop++) {
    await using container = await subject.takeContainer('limited')
    let answered = 0
    let otherwise = 0
    const enough = Promise.withResolvers<void>()
    const running = load(container.url, subject, (got) => {
      if (got === status) answered++
      else otherwise++
      if (answered + otherwise >= each) enough.resolve()
    })
    await enough.promise
    const exit: Promise<{ StatusCode: number }> = container.handle.wait()
    await send(container, signal)
    const { StatusCode } = await exit
    // What it has sent is still on its way.
    await sleep(200)
    await running.stop()
    sum.answered += answered
    sum.otherwise += otherwise
    const unanswered = (await logged(container, subject)) - answered - otherwise
    sum.lost += Math.max(unanswered, 0)
    sum.unlogged += Math.max(-unanswered, 0)
    if (StatusCode !== 0) sum.exits.push(StatusCode)
  }
  return sum
}

export interface Throughput {
  /** Requests in a second, one figure for each turn. */
  rates: number[]
  /** Milliseconds that 99 of 100 requests took at most, one figure for each turn. */
  p99: number[]
}

/** Sends requests to the app in a container and to the same program without one, in turns of as many seconds. */
export async function throughput(
  subject: Subject,
  turns: number,
  seconds: number,
): Promise<{ container: Throughput; bare: Throughput; failed: number }> {
  await using container = await subject.takeContainer()
  await using _bare = await startBare(container.handle, subject.config)
  const urls = { container: container.url, bare: `http://127.0.0.1:${subject.config.port}` }
  const found = { container: { rates: [], p99: [] }, bare: { rates: [], p99: [] } } as Record<
    keyof typeof urls,
    Throughput
  >
  const { status } = asked(subject)
  let failed = 0
  for (let turn = 0; turn < turns; turn++) {
    for (const where of ['container', 'bare'] as const) {
      const running = load(urls[where], subject, (got) => {
        if (got !== status) failed++
      })
      await sleep(seconds * 1000)
      const { requests, latency, timeouts } = await running.stop()
      found[where].rates.push(requests.total / seconds)
      found[where].p99.push(latency.p99)
      // Not its errors: nginx closes a connection after a thousand requests, and the client may have sent one more.
      failed += timeouts
    }
  }
  return { ...found, failed }
}
