import { setTimeout as sleep } from 'node:timers/promises'
import { type Bootable, boot, memoryInUse } from '@stagecraft/engine'
import type { Spread } from '@stagecraft/report'

export type RunFigures = { startToReadyMs: Spread; idleMemoryBytes: number; stopMs: number }

const settleMs = 1_000

/**
 * Starts the image `runs` times and measures from the engine's start call to the first answer of the ready path.
 * In the last run also: memory in use a second after ready, and the time from the stop signal to the exit. Every
 * container is removed, on failure and on abort too.
 * @throws NotReady when the image does not come up
 */
export async function measureRun(bootable: Bootable, runs: number, signal: AbortSignal): Promise<RunFigures> {
  const starts: number[] = []
  for (let index = 1; index < runs; index++) {
    await using container = await boot(bootable, { signal })
    starts.push(container.readyAfter)
  }
  await using container = await boot(bootable, { signal })
  await sleep(settleMs, undefined, { signal })
  const idleMemoryBytes = await memoryInUse(container.handle)
  const stopping = performance.now()
  await container.handle.stop({ t: 10, abortSignal: signal })
  const stopMs = round(performance.now() - stopping)
  return { startToReadyMs: spread([...starts, container.readyAfter]), idleMemoryBytes, stopMs }
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
