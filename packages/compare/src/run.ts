import { setTimeout as sleep } from 'node:timers/promises'
import { type Bootable, boot, memoryInUse } from '@stagecraft/engine'
import type { Spread } from '@stagecraft/report'
import { round, spread } from './spread.ts'

/** `steady` says whether more starts would hardly move the median. */
export type RunFigures = {
  figures: { startToReadyMs: Spread; idleMemoryBytes: number; stopMs: number }
  steady: boolean
}

const settleMs = 1_000

/** Starts of an image at least, and at most. */
export const fewest = 3
const most = 7

/**
 * Starts an image and measures from the engine's start call to the first answer of the ready path, `runs` times or, if
 * left out, as often as it takes until the median is steady. Of the first start also: memory in use a second after ready, and the
 * time from the stop signal to the exit. Every container is removed, on failure and on abort too.
 * @throws NotReady when the image does not come up
 */
export async function measureRun(
  bootable: Bootable,
  signal: AbortSignal,
  runs?: number,
): Promise<RunFigures> {
  await using first = await boot(bootable, { signal })
  const ready = performance.now()
  const starts = [first.readyAfter]
  const enough = () =>
    runs === undefined ? starts.length >= most || isSteady(starts) : starts.length >= runs
  while (!enough()) {
    // They idle until some are there: removing one would disturb the start of the next.
    await using others = new AsyncDisposableStack()
    for (let count = 0; count < most && !enough(); count++)
      starts.push(others.use(await boot(bootable, { signal })).readyAfter)
  }
  await sleep(Math.max(0, ready + settleMs - performance.now()), undefined, { signal })
  const idleMemoryBytes = await memoryInUse(first.handle)
  const stopping = performance.now()
  await first.handle.stop({ t: 10, abortSignal: signal })
  const stopMs = round(performance.now() - stopping)
  return { figures: { startToReadyMs: spread(starts), idleMemoryBytes, stopMs }, steady: isSteady(starts) }
}

/** Whether the three measurements in the middle lie within a tenth of the median. */
export function isSteady(values: readonly number[]): boolean {
  if (values.length < fewest) return false
  const sorted = values.toSorted((a, b) => a - b)
  const first = (sorted.length - 3) >> 1
  const [low = 0, middle = 0, high = 0] = sorted.slice(first, first + 3)
  return high - low <= middle / 10
}
