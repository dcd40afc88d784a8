import type Dockerode from 'dockerode'
import { GenericContainer, PullPolicy, type WaitStrategy } from 'testcontainers'
import { answers } from './answers.ts'
import { engine, removedWithThisProcess } from './engine.ts'
import { evidence } from './evidence.ts'
import { inspectImage } from './local-image.ts'
import { eventually } from './pace.ts'
import { turns } from './turns.ts'

/** What is needed to boot an image: its reference, the port it serves on, and the path that says it is ready. */
export interface Bootable {
  image: string
  port: number
  ready: string
}

/** How a container differs from one with `/tmp` as tmpfs and nothing else set. */
export interface Settings {
  /** As `12345:0`. */
  user?: string
  env?: Record<string, string>
  healthcheck?: Dockerode.HealthConfig
  /** Directories that are volumes. */
  volumes?: readonly string[]
  host?: Dockerode.HostConfig
  /** Ends the waiting; the container is removed. */
  signal?: AbortSignal
}

export interface RunningContainer extends AsyncDisposable {
  /** Of the published port, without a trailing slash. */
  url: string
  handle: Dockerode.Container
  /** Milliseconds from the engine's start call to the first 200 of the ready path. */
  readyAfter: number
}

/** Milliseconds. Longer than promised: what else was promised of a slow container can still be looked at. */
const patience = 30_000

/**
 * Beside more than two others, a container would be late through no fault of its own. One that is not ready after five
 * seconds waits more than it works.
 */
const nextStart = turns(3, 5000)

/** The message says what was seen. */
export class NotReady extends Error {
  readonly evidence: string

  constructor(seen: string, evidence: string) {
    super(seen)
    this.evidence = evidence
  }
}

/**
 * Starts an image and waits until its ready path answers; disposing removes the container and its volumes.
 * @throws NotReady when the container cannot be started, ends, or does not answer within 30 s; Error when there is no such image
 */
export async function boot(bootable: Bootable, settings: Settings = {}): Promise<RunningContainer> {
  const { image, port } = bootable
  const { user, env = {}, healthcheck, volumes = [], host, signal } = settings
  await inspectImage(image)
  const container = new BootedContainer(
    image,
    {
      ...(user && { User: user }),
      ...(healthcheck && { Healthcheck: healthcheck }),
      Volumes: Object.fromEntries(volumes.map((path) => [path, {}])),
    },
    { Tmpfs: { '/tmp': '' }, ...host },
  )
  container.withExposedPorts(port).withEnvironment(env).withWaitStrategy(atOnce)
  using _turn = await nextStart()
  try {
    // Of one that has ended, testcontainers would wait ten seconds for the port.
    const started = await Promise.race([container.start(), container.ended.promise])
    const url = `http://${started.getHost()}:${started.getMappedPort(port)}`
    const handle = (await engine()).getContainer(started.getId())
    await Promise.race([untilReady(handle, url, bootable, signal), container.ended.promise])
    const readyAfter = performance.now() - container.startedAt
    return { url, handle, readyAfter, [Symbol.asyncDispose]: () => started[Symbol.asyncDispose]() }
  } catch (error) {
    const { handle } = container
    const reason = handle && !signal?.aborted ? await toNotReady(error, handle, bootable) : error
    await handle?.remove({ force: true, v: true })
    throw reason
  }
}

/**
 * Bytes of memory in use without the page cache of files, by the names of cgroup v1 or v2. `docker stats` counts the
 * active part of that cache, which is a container's own only if it was the first to read a file.
 */
export async function memoryInUse(container: Dockerode.Container): Promise<number> {
  const { memory_stats: memory } = await container.stats({ stream: false, 'one-shot': true })
  const stats = memory.stats as Record<string, number>
  const cached = (kind: string) => stats[`${kind}_file`] ?? stats[`total_${kind}_file`] ?? 0
  return memory.usage - cached('active') - cached('inactive')
}

/** A container with settings for which testcontainers has no method. */
class BootedContainer extends GenericContainer {
  /** From its creation on. */
  handle: Dockerode.Container | undefined
  startedAt = 0
  readonly ended = Promise.withResolvers<never>()

  constructor(image: string, create: Dockerode.ContainerCreateOptions, host: Dockerode.HostConfig) {
    super(image)
    Object.assign(this.createOpts, create)
    Object.assign(this.hostConfig, host)
    // Once it is ready, nobody waits for its end any more.
    this.ended.promise.catch(() => undefined)
    // Testcontainers' own clean-up is a container, whose image may be out of reach.
    this.withAutoCleanup(false).withLabels(removedWithThisProcess()).withPullPolicy(PullPolicy.neverPull())
  }

  protected override async containerCreated(id: string): Promise<void> {
    this.handle = (await engine()).getContainer(id)
    this.handle.wait({ condition: 'next-exit' }).then(this.ended.reject, this.ended.reject)
    this.startedAt = performance.now()
  }
}

/**
 * Testcontainers asks as often as it allows for an answer, and removes a container that gives none before it can say
 * why: so it does not wait, and `untilReady` does.
 */
const atOnce: WaitStrategy = {
  waitUntilReady: async () => {},
  withStartupTimeout: () => atOnce,
  isStartupTimeoutSet: () => false,
  getStartupTimeout: () => 0,
}

async function untilReady(
  handle: Dockerode.Container,
  url: string,
  { ready, port }: Bootable,
  signal?: AbortSignal,
): Promise<void> {
  const look = async () => {
    signal?.throwIfAborted()
    return (await answers(url + ready)) || undefined
  }
  if (await eventually(patience, look, 10)) return
  throw new NotReady(
    `GET ${ready} on port ${port} did not answer 200 within ${patience / 1000} s of the start`,
    await evidence(handle),
  )
}

async function toNotReady(
  error: unknown,
  handle: Dockerode.Container,
  { ready }: Bootable,
): Promise<unknown> {
  if (error instanceof NotReady) return error
  // The engine refuses to start a command that is not there, or a user that does not exist, with a 4xx.
  const { statusCode, json } = error as { statusCode?: number; json?: { message?: string } }
  if (statusCode && statusCode < 500)
    return new NotReady(`the engine could not start it: ${json?.message ?? (error as Error).message}`, '')
  const { State } = await handle.inspect()
  if (State.Status !== 'exited') return error
  return new NotReady(
    `it exited with code ${State.ExitCode} before GET ${ready} answered`,
    await evidence(handle),
  )
}
