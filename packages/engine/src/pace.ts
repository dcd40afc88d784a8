import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Milliseconds that starting a bare Node process may take on a machine that counts as quiet. */
const quiet = 100

/** A machine that is slower than this is taken for stuck. */
const slowest = 20

/**
 * How many times as long as on a quiet machine a bare process takes to start at this moment: from 1 to 20. What is
 * promised in seconds may take as many times longer.
 */
export async function slowness(): Promise<number> {
  const started = performance.now()
  await run(process.execPath, ['--eval', '0'])
  return Math.min(slowest, Math.max(1, (performance.now() - started) / quiet))
}

/**
 * Waits for a promise, for `milliseconds` of a quiet machine: one that is busy is given as many times longer.
 * @returns undefined when it has not settled by then
 */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  const settled = promise.then((value) => ({ value }))
  const timeout = new AbortController()
  const started = performance.now()
  try {
    for (let allowed = milliseconds, slow = 1; ; ) {
      const left = Math.max(0, started + allowed - performance.now())
      const late = sleep(left, undefined, { signal: timeout.signal }).catch(() => undefined)
      const result = await Promise.race([settled, late])
      if (result) return result.value
      slow = Math.max(slow, await slowness())
      // It may have settled while the machine was looked at.
      if (performance.now() - started >= milliseconds * slow)
        return (await Promise.race([settled, undefined]))?.value
      allowed = milliseconds * slow
    }
  } finally {
    timeout.abort()
  }
}

/**
 * Looks again and again until there is something to see, for `milliseconds` of a quiet machine.
 * @param pause milliseconds between two looks
 * @returns what was seen; undefined when there was nothing by then
 */
export async function eventually<T>(
  milliseconds: number,
  look: () => Promise<T | undefined>,
  pause = 100,
): Promise<T | undefined> {
  let stopped = false
  const seen = (async () => {
    while (!stopped) {
      const found = await look()
      if (found !== undefined) return found
      await sleep(pause)
    }
    return undefined
  })()
  try {
    return await within(milliseconds, seen)
  } finally {
    stopped = true
  }
}
