import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ImageConfig, sendHalf } from '@stagecraft/contract'
import { type Bootable, boot, memoryInUse, type RunningContainer, startBare } from '@stagecraft/engine'
import type { ImageReport } from '@stagecraft/report'
import { round, spread } from './spread.ts'

export interface Runnable extends Bootable {
  /** A request to have in flight while it stops. */
  inFlight?: ImageConfig['inFlight']
}

export type RunFigures = Omit<ImageReport['run'], 'measuredAt'>

export interface RunOptions {
  signal: AbortSignal
  /** Starts of each image; {@link usualStarts} if left out. */
  runs?: number | undefined
  /** Whether to measure also what it does under requests, and the same program without a container. */
  load?: boolean | undefined
}

/** Starts of an image: the fewest of which the spread says how far to trust their median. */
export const usualStarts = 3

const settleMs = 1_000

/** Requests that it answers before its memory is looked at again, and connections that they come over. */
const requests = 1000
const connections = 10

/** Milliseconds from the stop signal to the rest of the request in flight. */
const restAfter = 500

export interface Rounds<T> {
  /**
   * Starts each of the images once and tells its figures.
   * @param rough when something else keeps the machine busy: this start does not count in the end
   */
  first(images: readonly T[], rough?: boolean): Promise<void>
  /**
   * Starts all of them again, until there are as many starts of each as are wanted.
   * @param onStart called before images that came together are started
   */
  rest(onStart?: (images: readonly T[]) => void): Promise<void>
}

/** What is known of an image so far. */
interface Measured<T> {
  image: T
  starts: number[]
  bare: number[]
  notBare?: string
  /** Of the first start, with what `load` adds. */
  once: Pick<RunFigures, 'idleMemoryBytes' | 'stopMs' | 'loadedMemoryBytes' | 'busyStopMs'>
  rough: boolean
  failed: boolean
  /** While it is started, with the moment when it was ready. */
  running?: { container: RunningContainer; since: number }
}

/**
 * Starts images and measures from the engine's start call to the first answer of the ready path. All are started once
 * before one is started again, so that a slow minute of the machine falls on all, and shows in the spread of each. Of the
 * first start also: memory in use a second after ready, and the time from the stop signal to the exit. Every container is
 * removed, on failure and on abort too.
 * @param onRun called for each image whenever more is known of it; `last` when that is all
 * @param onFailure called for an image that does not come up, with a NotReady, or ends too soon; the others go on
 */
export function measureRounds<T extends Runnable>(
  { signal, runs = usualStarts, load }: RunOptions,
  onRun: (image: T, figures: RunFigures, last: boolean) => void | Promise<void>,
  onFailure: (image: T, error: unknown) => void,
): Rounds<T> {
  const groups: Measured<T>[][] = []

  /** One that fails at a step takes no further ones, in later rounds neither. */
  const withEach = async (group: Measured<T>[], step: (each: Measured<T>) => Promise<void>) => {
    for (const each of group.filter(({ failed }) => !failed)) {
      try {
        await step(each)
      } catch (error) {
        signal.throwIfAborted()
        each.failed = true
        onFailure(each.image, error)
      }
    }
  }

  /** Starts each once, and takes `steps` with each when all idle. */
  const start = async (group: Measured<T>[], ...steps: ((each: Measured<T>) => Promise<void>)[]) => {
    try {
      await withEach(group, async (each) => {
        const container = await boot(each.image, { signal })
        each.running = { container, since: performance.now() }
        each.starts.push(container.readyAfter)
        if (load && !each.notBare) await startBareToo(each, container, signal)
      })
      for (const step of steps) await withEach(group, step)
    } finally {
      // They idle until all have started: removing one would disturb the start of the next.
      await Promise.all(group.map(({ running }) => running?.container[Symbol.asyncDispose]()))
      for (const each of group) delete each.running
    }
  }

  const tell = (group: Measured<T>[]) =>
    withEach(group, async (each) => onRun(each.image, toFigures(each), isDone(each)))

  const isDone = ({ starts, rough }: Measured<T>) => starts.length >= runs && !rough

  return {
    async first(images, rough = false) {
      const group = images.map(
        (image): Measured<T> => ({
          image,
          starts: [],
          bare: [],
          once: { idleMemoryBytes: 0, stopMs: 0 },
          rough,
          failed: false,
        }),
      )
      groups.push(group)
      await start(
        group,
        (each) => lookAtMemory(each, signal),
        (each) => timeStop(each, signal),
      )
      if (load)
        await withEach(group, async (each) => {
          each.once = { ...each.once, ...(await measureLoad(each.image, signal)) }
        })
      await tell(group)
    },

    async rest(onStart) {
      for (const each of groups.flat().filter(({ rough }) => rough))
        Object.assign(each, { starts: [], bare: [], rough: false })
      for (;;) {
        const left = groups
          .map((group) => group.filter((each) => !each.failed && !isDone(each)))
          .filter(({ length }) => length > 0)
        if (left.length === 0) return
        for (const group of left) {
          onStart?.(group.map(({ image }) => image))
          await start(group)
          await tell(group)
        }
      }
    },
  }
}

/** As {@link measureRounds}, of one image. @throws NotReady when it does not come up */
export async function measureRun(image: Runnable, options: RunOptions): Promise<RunFigures> {
  let measured: RunFigures | undefined
  let failure: { error: unknown } | undefined
  const rounds = measureRounds(
    options,
    (_, figures) => {
      measured = figures
    },
    (_, error) => {
      failure = { error }
    },
  )
  await rounds.first([image])
  await rounds.rest()
  if (failure || !measured) throw failure?.error
  return measured
}

async function startBareToo<T extends Runnable>(
  each: Measured<T>,
  { handle }: RunningContainer,
  signal: AbortSignal,
): Promise<void> {
  try {
    await using program = await startBare(handle, each.image, signal)
    each.bare.push(program.readyAfter)
  } catch (error) {
    signal.throwIfAborted()
    each.notBare = (error as Error).message
  }
}

async function lookAtMemory<T>({ once, running }: Measured<T>, signal: AbortSignal): Promise<void> {
  if (!running) return
  await sleep(Math.max(0, running.since + settleMs - performance.now()), undefined, { signal })
  once.idleMemoryBytes = await memoryInUse(running.container.handle)
}

async function timeStop<T>({ once, running }: Measured<T>, signal: AbortSignal): Promise<void> {
  const stopping = performance.now()
  await running?.container.handle.stop({ t: 10, abortSignal: signal })
  once.stopMs = round(performance.now() - stopping)
}

function toFigures<T>({ starts, bare, notBare, once }: Measured<T>): RunFigures {
  return {
    startToReadyMs: spread(starts),
    ...once,
    ...(bare.length > 0 && { bareStartToReadyMs: spread(bare) }),
    ...(bare.length === 0 && notBare && { notBare: notBare.slice(0, 1024) }),
  }
}

/** @throws NotReady when it does not come up */
async function measureLoad(
  image: Runnable,
  signal: AbortSignal,
): Promise<Pick<ImageReport['run'], 'loadedMemoryBytes' | 'busyStopMs'>> {
  await using container = await boot(image, { signal })
  const { url, handle } = container
  await sendRequests(url + image.ready, signal)
  await sleep(settleMs, undefined, { signal })
  const loadedMemoryBytes = await memoryInUse(handle)
  if (!image.inFlight) return { loadedMemoryBytes }
  const { finish } = await sendHalf(url, image.inFlight)
  const stopping = performance.now()
  const stopped = handle.stop({ t: 10, abortSignal: signal }).then(() => performance.now() - stopping)
  await sleep(restAfter, undefined, { signal })
  const answer = await finish()
  const busyStopMs = round(await stopped)
  // Of a request that is lost, the time would praise what is a fault.
  return answer === String(image.inFlight.status) ? { loadedMemoryBytes, busyStopMs } : { loadedMemoryBytes }
}

/** Over connections that are kept; what is answered does not matter. */
async function sendRequests(url: string, signal: AbortSignal): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  let left = requests
  const sendNext = async () => {
    while (left-- > 0) {
      signal.throwIfAborted()
      const { promise, resolve } = Promise.withResolvers<void>()
      request(url, { agent, timeout: 10_000 }, (response) => response.resume().on('close', resolve))
        .on('error', () => resolve())
        .on('timeout', () => resolve())
        .end()
      await promise
    }
  }
  await Promise.all(Array.from({ length: connections }, sendNext))
  agent.destroy()
}
