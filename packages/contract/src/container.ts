import type Dockerode from 'dockerode'
import { GenericContainer, IntervalRetry, PullPolicy, type WaitStrategy } from 'testcontainers'
import { BrokenPromise, type Check } from './check.ts'
import type { ImageConfig } from './config.ts'
import { engine, removedWithThisProcess } from './engine.ts'
import { evidence } from './evidence.ts'
import type { Subject } from './subject.ts'
import { turns } from './turns.ts'

/** How a container differs from one with the app's volumes, `/tmp` as tmpfs and nothing else set. */
export interface Settings {
  /** As `12345:0`. */
  user?: string
  healthcheck?: Dockerode.HealthConfig
  host?: Dockerode.HostConfig
}

export interface RunningContainer extends AsyncDisposable {
  /** Of the published port, without a trailing slash. */
  url: string
  handle: Dockerode.Container
  /** Milliseconds from the start to the first 200 of the ready path. */
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
class NotReady extends Error {
  readonly evidence: string

  constructor(seen: string, evidence: string) {
    super(seen)
    this.evidence = evidence
  }
}

/**
 * Starts the subject's image and waits until its ready path answers; disposing removes the container and its volumes.
 * @throws NotReady when the container cannot be started, or does not answer within 30 s
 */
export async function boot(subject: Subject, settings: Settings = {}): Promise<RunningContainer> {
  const { image, config } = subject
  await subject.inspect()
  const container = new ContractContainer(
    image,
    {
      ...(settings.user && { User: settings.user }),
      ...(settings.healthcheck && { Healthcheck: settings.healthcheck }),
      Volumes: Object.fromEntries((config.writable ?? []).map((path) => [path, {}])),
    },
    { Tmpfs: { '/tmp': '' }, ...settings.host },
  )
  container.withExposedPorts(config.port).withWaitStrategy(atOnce)
  using _turn = await nextStart()
  try {
    // Of one that has ended, testcontainers would wait ten seconds for the port.
    const started = await Promise.race([container.start(), container.ended.promise])
    const url = `http://${started.getHost()}:${started.getMappedPort(config.port)}`
    const handle = (await engine()).getContainer(started.getId())
    const readyAfter = await untilReady(handle, url, config)
    return { url, handle, readyAfter, [Symbol.asyncDispose]: () => started[Symbol.asyncDispose]() }
  } catch (error) {
    const { handle } = container
    const reason = handle ? await toNotReady(error, handle, config) : error
    await handle?.remove({ force: true, v: true })
    throw reason
  }
}

/** Lets `look` alone see a container, and removes it. @throws BrokenPromise with the container's last words */
export async function inContainer(
  check: Check,
  boot: Promise<RunningContainer>,
  look: (container: RunningContainer) => Promise<void>,
): Promise<void> {
  await using container = await booted(check, boot)
  await withEvidence(container, () => look(container))
}

/** Lets `look` see the container that checks share. @throws BrokenPromise with the container's last words */
export async function inSharedContainer(
  check: Check,
  subject: Subject,
  look: (container: RunningContainer) => Promise<void>,
): Promise<void> {
  const container = await booted(check, subject.container())
  await withEvidence(container, () => look(container))
}

async function booted(check: Check, boot: Promise<RunningContainer>): Promise<RunningContainer> {
  try {
    return await boot
  } catch (error) {
    if (!(error instanceof NotReady)) throw error
    throw new BrokenPromise(
      check,
      error.message,
      'CMD, USER and WORKDIR in the Dockerfile, and `port` and `ready` in image.config.ts',
      error.evidence,
    )
  }
}

async function withEvidence(container: RunningContainer, look: () => Promise<void>): Promise<void> {
  try {
    await look()
  } catch (error) {
    if (error instanceof BrokenPromise) error.message += `\n\n${await evidence(container.handle)}`
    throw error
  }
}

/** A container with settings for which testcontainers has no method. */
class ContractContainer extends GenericContainer {
  /** From its creation on. */
  handle: Dockerode.Container | undefined
  readonly ended = Promise.withResolvers<never>()

  constructor(image: string, create: Dockerode.ContainerCreateOptions, host: Dockerode.HostConfig) {
    super(image)
    Object.assign(this.createOpts, create)
    Object.assign(this.hostConfig, host)
    // Testcontainers' own clean-up is a container, whose image may be out of reach.
    this.withAutoCleanup(false).withLabels(removedWithThisProcess()).withPullPolicy(PullPolicy.neverPull())
  }

  protected override async containerCreated(id: string): Promise<void> {
    this.handle = (await engine()).getContainer(id)
    this.handle.wait({ condition: 'next-exit' }).then(this.ended.reject, this.ended.reject)
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

/** @returns milliseconds that it took */
async function untilReady(handle: Dockerode.Container, url: string, config: ImageConfig): Promise<number> {
  const start = performance.now()
  const look = async () => {
    if ((await statusOf(url + config.ready)) === 200) return 'ready'
    return (await handle.inspect()).State.Running ? 'waiting' : 'exited'
  }
  const outcome = await new IntervalRetry<string, string>(100).retryUntil(
    look,
    (seen) => seen !== 'waiting',
    () => 'late',
    patience,
  )
  if (outcome === 'exited') throw await exited(handle, config)
  if (outcome === 'late')
    throw new NotReady(
      `GET ${config.ready} on port ${config.port} did not answer 200 within ${patience / 1000} s of the start`,
      await evidence(handle),
    )
  return performance.now() - start
}

async function statusOf(url: string): Promise<number | undefined> {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(2000) })
    await response.arrayBuffer()
    return response.status
  } catch {
    return undefined
  }
}

async function toNotReady(
  error: unknown,
  handle: Dockerode.Container,
  config: ImageConfig,
): Promise<unknown> {
  if (error instanceof NotReady) return error
  // The engine refuses to start a command that is not there, or a user that does not exist, with a 4xx.
  const { statusCode, json } = error as { statusCode?: number; json?: { message?: string } }
  if (statusCode && statusCode < 500)
    return new NotReady(`the engine could not start it: ${json?.message ?? (error as Error).message}`, '')
  const { State } = await handle.inspect()
  return State.Status === 'exited' ? exited(handle, config) : error
}

async function exited(handle: Dockerode.Container, { ready }: ImageConfig): Promise<NotReady> {
  const { State } = await handle.inspect()
  return new NotReady(
    `it exited with code ${State.ExitCode} before GET ${ready} answered`,
    await evidence(handle),
  )
}
