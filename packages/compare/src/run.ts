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

/** `steady` says whether more starts would hardly move the median. */
export interface RunFigures {
  figures: Omit<ImageReport['run'], 'measuredAt'>
  steady: boolean
}

export interface RunOptions {
  signal: AbortSignal
  /** Starts; as many as give a steady median if left out. */
  runs?: number | undefined
  /** Whether to measure also what it does under requests, and the same program without a container. */
  load?: boolean | undefined
}

const settleMs = 1_000

/** Starts of an image at least, and at most. */
export const fewest = 3
const most = 5

/** Requests that it answers before its memory is looked at again, and connections that they come over. */
const requests = 1000
const connections = 10

/** Milliseconds from the stop signal to the rest of the request in flight. */
const restAfter = 500

/**
 * Starts images and measures from the engine's start call to the first answer of the ready path: round by round, so that
 * a slow minute of the machine falls on all of them, and each `runs` times or as often as it takes until its median is
 * steady. Of the first start also: memory in use a second after ready, and the time from the stop signal to the exit.
 * Every container is removed, on failure and on abort too.
 * @param onRun called for each image when all is known of it
 * @param onFailure called for an image that does not come up, with a NotReady, or ends too soon; the others go on
 */
export async function measureRuns<T extends Runnable>(
  images: readonly T[],
  options: RunOptions,
  onRun: (image: T, run: RunFigures) => void | Promise<void>,
  onFailure: (image: T, error: unknown) => void,
): Promise<void> {
  const left = new Set(images.map((image) => new Measured(image, options)))
  /** One that fails at a step takes no further ones. */
  const withEach = async (step: (each: Measured<T>) => Promise<void>) => {
    for (const each of left) {
      try {
        await step(each)
      } catch (error) {
        options.signal.throwIfAborted()
        left.delete(each)
        await each[Symbol.asyncDispose]()
        onFailure(each.image, error)
      }
    }
  }
  try {
    for (let round = 0; left.size > 0; round++) {
      // They idle until the round is over: removing one would disturb the start of the next.
      const others: AsyncDisposable[] = []
      try {
        await withEach((each) => each.start(others))
      } finally {
        await Promise.all(others.map((container) => container[Symbol.asyncDispose]()))
      }
      if (round === 0) await withEach((each) => each.lookAtMemory())
      await withEach(async (each) => {
        if (!each.isEnough) return
        const run = await each.finish()
        left.delete(each)
        await onRun(each.image, run)
      })
    }
  } finally {
    for (const each of left) await each[Symbol.asyncDispose]()
  }
}

/** As {@link measureRuns}, of one image. @throws NotReady when it does not come up */
export async function measureRun(image: Runnable, options: RunOptions): Promise<RunFigures> {
  const { promise, resolve, reject } = Promise.withResolvers<RunFigures>()
  await measureRuns(
    [image],
    options,
    (_, run) => resolve(run),
    (_, error) => reject(error),
  )
  return promise
}

/** What is known of an image so far. */
class Measured<T extends Runnable> implements AsyncDisposable {
  readonly image: T
  readonly #options: RunOptions
  readonly #starts: number[] = []
  readonly #bare: number[] = []
  #notBare: string | undefined
  #readyAt = 0
  #idleMemoryBytes = 0
  /** The container of the first start, which stays until it is stopped. */
  #first: RunningContainer | undefined

  constructor(image: T, options: RunOptions) {
    this.image = image
    this.#options = options
  }

  get isEnough(): boolean {
    const { runs } = this.#options
    const { length } = this.#starts
    return runs === undefined ? length >= most || isSteady(this.#starts) : length >= runs
  }

  /** Starts it once more; a container that is not the first is for `others`. @throws NotReady */
  async start(others: AsyncDisposable[]): Promise<void> {
    const { signal, load } = this.#options
    const container = await boot(this.image, { signal })
    this.#starts.push(container.readyAfter)
    if (this.#first) others.push(container)
    else {
      this.#first = container
      this.#readyAt = performance.now()
    }
    if (load && !this.#notBare) await this.#startBare(container)
  }

  async #startBare({ handle }: RunningContainer): Promise<void> {
    const { signal } = this.#options
    try {
      await using program = await startBare(handle, this.image, signal)
      this.#bare.push(program.readyAfter)
    } catch (error) {
      signal.throwIfAborted()
      this.#notBare = (error as Error).message
    }
  }

  async lookAtMemory(): Promise<void> {
    const { signal } = this.#options
    await sleep(Math.max(0, this.#readyAt + settleMs - performance.now()), undefined, { signal })
    if (this.#first) this.#idleMemoryBytes = await memoryInUse(this.#first.handle)
  }

  /** Stops the container of the first start, and measures another one under load if that is wanted. */
  async finish(): Promise<RunFigures> {
    const { signal, load } = this.#options
    const stopping = performance.now()
    await this.#first?.handle.stop({ t: 10, abortSignal: signal })
    const figures = {
      startToReadyMs: spread(this.#starts),
      idleMemoryBytes: this.#idleMemoryBytes,
      stopMs: round(performance.now() - stopping),
    }
    await this[Symbol.asyncDispose]()
    const steady = isSteady(this.#starts)
    if (!load) return { figures, steady }
    const bare =
      this.#bare.length > 0
        ? { bareStartToReadyMs: spread(this.#bare) }
        : { notBare: (this.#notBare ?? '').slice(0, 1024) }
    return { figures: { ...figures, ...bare, ...(await measureLoad(this.image, signal)) }, steady }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const first = this.#first
    this.#first = undefined
    await first?.[Symbol.asyncDispose]()
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

/** Whether the three measurements in the middle lie within a tenth of the median. */
export function isSteady(values: readonly number[]): boolean {
  if (values.length < fewest) return false
  const sorted = values.toSorted((a, b) => a - b)
  const first = (sorted.length - 3) >> 1
  const [low = 0, middle = 0, high = 0] = sorted.slice(first, first + 3)
  return high - low <= middle / 10
}
