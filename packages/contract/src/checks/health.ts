import type Dockerode from 'dockerode'
import { IntervalRetry } from 'testcontainers'
import { BrokenPromise, type Check } from '../check.ts'
import { boot, inContainer } from '../container.ts'
import { runBeside } from '../sidecar.ts'

/** Nanoseconds: the image's own test, but more often, so that a verdict is there in seconds. */
const pace = { Interval: 500e6, Timeout: 3e9, Retries: 2, StartPeriod: 0, StartInterval: 0 }

const look = 'HEALTHCHECK in the Dockerfile'

export const health: Check = {
  id: 'health',
  promise: 'its HEALTHCHECK in exec form turns healthy, and turns unhealthy when the app hangs',
  async check(subject) {
    const { Config } = await subject.inspect()
    const test = Config.Healthcheck?.Test ?? []
    if (test.length === 0 || test[0] === 'NONE')
      throw new BrokenPromise(health, 'there is no HEALTHCHECK', look)
    if (test[0] !== 'CMD')
      throw new BrokenPromise(
        health,
        `HEALTHCHECK is in shell form (${test.slice(1).join(' ')})`,
        `${look}: write CMD ["…"], which needs no shell`,
      )

    const paced = boot(subject, { healthcheck: { ...pace, Test: test } })
    await inContainer(health, paced, async ({ handle }) => {
      const before = await until(handle, 'healthy')
      if (before !== 'healthy')
        throw new BrokenPromise(
          health,
          `it is ${before} although the app answers`,
          `${look} and its output below`,
        )
      await hang(handle)
      const after = await until(handle, 'unhealthy')
      if (after !== 'unhealthy')
        throw new BrokenPromise(health, `it is still ${after} although the app hangs`, `what ${look} asks`)
    })
  },
}

/** Stops what descends from process 1, and so no probe: those come from outside and must be able to fail. */
const freezeChildren = `
  freeze() {
    for pid in $(grep -l "^PPid:[[:space:]]*$1$" /proc/[0-9]*/status | cut -d / -f 3); do
      kill -STOP $pid
      freeze $pid
    done
  }
  freeze 1`

/** Waits up to 20 s for a health status. @returns the last one seen */
async function until(container: Dockerode.Container, wanted: string): Promise<string> {
  let status = 'none'
  await new IntervalRetry<string, undefined>(100).retryUntil(
    async () => {
      status = (await container.inspect()).State.Health?.Status ?? 'none'
      return status
    },
    (seen) => seen === wanted,
    () => undefined,
    20_000,
  )
  return status
}

/** Freezes every process. From inside the container, its first one is out of any signal's reach. */
async function hang(container: Dockerode.Container): Promise<void> {
  await container.kill({ signal: 'SIGSTOP' })
  const { Processes } = await container.top()
  if (Processes.length === 1) return
  await runBeside(freezeChildren, { PidMode: `container:${container.id}` })
}
