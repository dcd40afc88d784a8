import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { engine } from '@stagecraft/engine'
import { IntervalRetry } from 'testcontainers'
import { expect, it } from 'vitest'

const program = join(import.meta.dirname, 'leave-a-container.ts')

it.each(['SIGINT', 'SIGKILL'] as const)(
  'a container does not outlive a process ended by %s',
  async (signal) => {
    const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] })
    const [output] = await once(child.stdout, 'data')
    const container = (await engine()).getContainer(String(output).trim())
    const { State, Mounts } = await container.inspect()
    expect(State.Running).toBe(true)

    child.kill(signal)

    const gone = (look: () => Promise<unknown>) =>
      new IntervalRetry<boolean, boolean>(50).retryUntil(
        () =>
          look().then(
            () => false,
            ({ statusCode }) => statusCode === 404,
          ),
        (isGone) => isGone,
        () => false,
        20_000,
      )
    expect(await gone(() => container.inspect())).toBe(true)
    const volume = (await engine()).getVolume(Mounts[0]?.Name ?? '')
    expect(await gone(() => volume.inspect())).toBe(true)
  },
)
