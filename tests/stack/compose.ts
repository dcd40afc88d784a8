import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removedWithThisProcess } from '@stagecraft/engine'
import { execa } from 'execa'

export const root = join(import.meta.dirname, '../..')

/** Port 0: any that is free. */
const freePorts = { PORT: '0', EXPRESS_API_DEBUG: '0', FASTIFY_SERVICE_DEBUG: '0' }

/** A command that waited for input would wait for ever. */
const docker = (args: string[]) => execa('docker', args, { env: freePorts, stdin: 'ignore' })

const services = ['react-spa', 'express-api', 'fastify-service']

/** The bake targets of the stack's images in a variant. */
export const targetsOf = (variant: string): string[] => services.map((name) => `${name}-${variant}`)

/** A stack of its own beside any that runs: another project, a free port. */
export interface Stack extends AsyncDisposable {
  /** Of react-spa, without a trailing slash. */
  url: string
  /** Runs `docker compose` on this stack. */
  compose(...args: string[]): ReturnType<typeof docker>
}

/**
 * Brings a stack up and waits until every service is healthy; disposing takes it down with its volume.
 * @param files compose files of the repository, the first one compose.yaml
 * @param directory the folder that paths in them are relative to
 */
export async function startStack(files = ['compose.yaml'], directory = root): Promise<Stack> {
  const labels = removedWithThisProcess()
  const folder = await mkdtemp(join(tmpdir(), 'stack-'))
  const override = join(folder, 'labels.json')
  await writeFile(
    override,
    JSON.stringify({
      services: Object.fromEntries(services.map((name) => [name, { labels }])),
      networks: { default: { labels } },
      volumes: { reports: { labels } },
    }),
  )
  const project = `stagecraft-${folder.slice(-6).toLowerCase()}`
  const chosen = [...files.map((file) => join(directory, file)), override].flatMap((file) => ['--file', file])
  const compose = (...args: string[]) => {
    const all = ['compose', '--project-name', project, '--project-directory', directory, ...chosen, ...args]
    return docker(all)
  }
  const down = async (): Promise<void> => {
    await compose('down', '--volumes', '--timeout', '5')
    await rm(folder, { recursive: true })
  }
  try {
    await compose('up', '--detach', '--wait', '--wait-timeout', '60')
    const { stdout: address } = await compose('port', 'react-spa', '8080')
    return { url: `http://${address}`, compose, [Symbol.asyncDispose]: down }
  } catch (error) {
    await down()
    throw error
  }
}
