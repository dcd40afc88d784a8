import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type Dockerode from 'dockerode'
import { ownerLabel } from './labels.ts'

/** The engine that testcontainers uses. @throws Error when none can be reached */
export async function engine(): Promise<Dockerode> {
  // Takes half a second to load, which not all that is here needs.
  const { getContainerRuntimeClient } = await import('testcontainers')
  const { container } = await getContainerRuntimeClient()
  return container.dockerode
}

let label: Record<string, string> | undefined

/**
 * The label for what must not outlive this process. From the first call on, all that carries it is removed when the
 * process ends, however it ends: a shell that waits for the end of this process's pipe to it does so.
 */
export function removedWithThisProcess(): Record<string, string> {
  if (label) return label
  const value = randomUUID()
  const filter = `label=${ownerLabel}=${value}`
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
  label = { [ownerLabel]: value }
  return label
}
