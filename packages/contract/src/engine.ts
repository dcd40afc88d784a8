import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type Dockerode from 'dockerode'
import { getContainerRuntimeClient } from 'testcontainers'

/** The engine that testcontainers uses. @throws Error when none can be reached */
export async function engine(): Promise<Dockerode> {
  const { container } = await getContainerRuntimeClient()
  return container.dockerode
}

/** On every container, image, network and volume that a check or a test makes; the value is unlike in each process. */
export const contractLabel = 'dev.stagecraft.contract'

let label: Record<string, string> | undefined

/**
 * The label for what must not outlive this process. From the first call on, all that carries it is removed when the
 * process ends, however it ends: a shell that waits for the end of this process's pipe to it does so.
 */
export function removedWithThisProcess(): Record<string, string> {
  if (label) return label
  const value = randomUUID()
  const filter = `label=${contractLabel}=${value}`
  // Twice, for a container whose creation was under way the first time.
  const script = `
    cat > /dev/null
    for pause in 1 0; do
      docker rm --force --volumes $(docker ps --all --quiet --filter ${filter})
      docker image rm --force $(docker images --quiet --filter ${filter})
      docker network rm --force $(docker network ls --quiet --filter ${filter})
      docker volume rm --force $(docker volume ls --quiet --filter ${filter})
      sleep $pause
    done`
  const remover = spawn('sh', ['-c', script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  remover.unref()
  const pipe = remover.stdin as Socket
  pipe.unref()
  label = { [contractLabel]: value }
  return label
}

/** What a container wrote, by stream, from the frames of `GET /containers/{id}/logs`. */
export function demultiplex(log: Buffer): { stdout: string; stderr: string; both: string } {
  const parts: { stdout: boolean; bytes: Buffer }[] = []
  for (let at = 0; at + 8 <= log.length; ) {
    const end = at + 8 + log.readUInt32BE(at + 4)
    parts.push({ stdout: log[at] === 1, bytes: log.subarray(at + 8, end) })
    at = end
  }
  const join = (chosen: typeof parts) => Buffer.concat(chosen.map(({ bytes }) => bytes)).toString()
  return {
    stdout: join(parts.filter(({ stdout }) => stdout)),
    stderr: join(parts.filter(({ stdout }) => !stdout)),
    both: join(parts),
  }
}
