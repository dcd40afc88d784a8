import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Spread } from '@stagecraft/report'
import type Docker from 'dockerode'
import { CompareError } from './errors.ts'

/** What is needed to boot an image: its reference, the port it serves on and the path that says it is ready. */
export type Bootable = { image: string; port: number; ready: string }

export type RunFigures = { startToReadyMs: Spread; idleMemoryBytes: number; stopMs: number }

const readyTimeoutMs = 30_000
const settleMs = 1_000

/**
 * Starts the image `runs` times and measures from the engine's start call to the first answer of the ready path.
 * In the last run also: memory in use a second after ready (without reclaimable file cache), and the time from
 * the stop signal to the exit. Every container is removed, on failure and on abort too.
 */
export async function measureRun(
  docker: Docker,
  subject: Bootable,
  runs: number,
  signal: AbortSignal,
): Promise<RunFigures> {
  const starts: number[] = []
  for (let index = 1; index < runs; index++) {
    starts.push(await booted(docker, subject, signal, async (_container, ms) => ms))
  }
  return await booted(docker, subject, signal, async (container, ms) => {
    await sleep(settleMs, undefined, { signal })
    const idleMemoryBytes = await memoryInUse(container)
    const stopping = performance.now()
    await container.stop({ t: 10, abortSignal: signal })
    const stopMs = performance.now() - stopping
    return { startToReadyMs: spread([...starts, ms]), idleMemoryBytes, stopMs: round(stopMs) }
  })
}

/** Median and range of measurements in milliseconds, to a tenth. @throws RangeError when there is none */
export function spread(values: number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const [lower, upper] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  if (lower === undefined || upper === undefined) throw new RangeError('no measurements')
  const [min, max] = [Math.min(...sorted), Math.max(...sorted)]
  return { median: round((lower + upper) / 2), min: round(min), max: round(max), runs: sorted.length }
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10
}

async function booted<T>(
  docker: Docker,
  { image, port, ready }: Bootable,
  signal: AbortSignal,
  use: (container: Docker.Container, startToReadyMs: number) => Promise<T>,
): Promise<T> {
  const container = await docker.createContainer({
    Image: image,
    Labels: { 'dev.stagecraft.compare': 'run' },
    HostConfig: { PortBindings: { [`${port}/tcp`]: [{ HostIp: '127.0.0.1', HostPort: '' }] } },
    ExposedPorts: { [`${port}/tcp`]: {} },
  })
  try {
    const started = performance.now()
    await container.start({ abortSignal: signal })
    const { NetworkSettings } = await container.inspect()
    const hostPort = Number(NetworkSettings.Ports[`${port}/tcp`]?.[0]?.HostPort)
    const deadline = started + readyTimeoutMs
    while (!(await answers(hostPort, ready, signal))) {
      if (performance.now() > deadline) throw await notReady(container, image, ready)
      await sleep(5, undefined, { signal })
    }
    return await use(container, performance.now() - started)
  } finally {
    await container.remove({ force: true, v: true })
  }
}

function answers(port: number, path: string, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  request({ host: '127.0.0.1', port, path, agent: false, timeout: 1_000, signal }, (response) => {
    response.resume()
    resolve(response.statusCode === 200)
  })
    .on('timeout', () => resolve(false))
    .on('error', () => resolve(false))
    .end()
  return promise
}

async function notReady(container: Docker.Container, image: string, ready: string): Promise<CompareError> {
  const logs = await container.logs({ stdout: true, stderr: true, tail: 20 })
  return new CompareError(
    'NOT_READY',
    `${image} did not answer ${ready} within ${readyTimeoutMs / 1000} s. Its last lines:\n${logs.toString().trim()}`,
    `See for yourself: docker run --rm ${image}`,
  )
}

/** As `docker stats` shows it: usage less the inactive file cache, by the names of cgroup v1 or v2. */
async function memoryInUse(container: Docker.Container): Promise<number> {
  const { memory_stats: memory } = await container.stats({ stream: false, 'one-shot': true })
  const stats = memory.stats as Record<string, number>
  return memory.usage - (stats.inactive_file ?? stats.total_inactive_file ?? 0)
}
