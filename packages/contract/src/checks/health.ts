import { eventually, type RunningContainer, runBeside } from '@stagecraft/engine'
import { inContainer } from '../in-container.ts'
import { BrokenPromise, type Check } from '../model.ts'
import { bootSubject } from '../subject.ts'

/** Nanoseconds: the image's own test, but more often, so that a verdict is there in seconds. */
const pace = { Interval: 500e6, Timeout: 3e9, Retries: 2, StartPeriod: 0, StartInterval: 0 }

const look = 'HEALTHCHECK in the Dockerfile'

export const health: Check = {
  id: 'health',
  promise:
    'its HEALTHCHECK in exec form turns healthy, unhealthy when the app hangs, and healthy again when it goes on',
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

    const paced = bootSubject(subject, { healthcheck: { ...pace, Test: test } })
    await inContainer(health, paced, async ({ handle }) => {
      const before = await until(handle, 'healthy')
      if (before !== 'healthy')
        throw new BrokenPromise(
          health,
          `it is ${before} although the app answers`,
          `${look} and its output below`,
        )
      await signalAll(handle, 'STOP')
      const after = await until(handle, 'unhealthy')
      if (after !== 'unhealthy')
        throw new BrokenPromise(health, `it is still ${after} although the app hangs`, `what ${look} asks`)
      await signalAll(handle, 'CONT')
      const again = await until(handle, 'healthy')
      if (again !== 'healthy')
        throw new BrokenPromise(
          health,
          `it is still ${again} although the app answers again`,
          `what ${look} leaves behind when it fails or is ended by its timeout`,
        )
    })
  },
}

/** Reaches what descends from process 1, and so no probe: those come from outside and must be able to fail. */
const signalChildren = (signal: string) => `
  each() {
    for pid in $(grep -l "^PPid:[[:space:]]*$1$" /proc/[0-9]*/status | cut -d / -f 3); do
      kill -${signal} $pid
      each $pid
    done
  }
  each 1`

/** Probes after which a status is taken to stay: ten times as many as it takes to change. */
const enough = 20

/** Waits for a health status, for {@link enough} probes or 20 s. @returns the last one seen */
async function until(container: RunningContainer['handle'], wanted: string): Promise<string> {
  let status = 'none'
  const probes = new Set<string>()
  await eventually(20_000, async () => {
    const { Health } = (await container.inspect()).State
    status = Health?.Status ?? 'none'
    // The engine tells of the last five.
    for (const { Start } of Health?.Log ?? []) probes.add(Start)
    return status === wanted || probes.size > enough || undefined
  })
  return status
}

/** Freezes every process, or lets all go on. From inside the container, its first one is out of any signal's reach. */
async function signalAll(container: RunningContainer['handle'], signal: 'STOP' | 'CONT'): Promise<void> {
  await container.kill({ signal: `SIG${signal}` })
  const { Processes } = await container.top()
  if (Processes.length === 1) return
  await runBeside(signalChildren(signal), { PidMode: `container:${container.id}` })
}
