import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { execa } from 'execa'
import { engine, removedWithThisProcess } from './engine.ts'
import { eventually } from './pace.ts'

/** A layer as a registry has it. */
export interface PushedLayer {
  digest: string
  /** Compressed bytes. */
  size: number
}

/** An empty registry on loopback, which the engine takes without TLS. Disposing removes it and all that it holds. */
export interface Registry extends AsyncDisposable {
  /** As `127.0.0.1:49153`. */
  address: string
}

/**
 * Builds a registry from Debian's package, once an engine, and starts it.
 * @throws Error with the build's output, or when it does not answer
 */
export async function startRegistry(signal?: AbortSignal): Promise<Registry> {
  const labels = Object.entries(removedWithThisProcess()).map((label) => label.join('='))
  const image = `stagecraft-registry:${randomUUID()}`
  const options = { ...(signal && { cancelSignal: signal }) }
  const flags = ['--builder=default', '--quiet', `--tag=${image}`, ...labels.map((each) => `--label=${each}`)]
  await execa('docker', ['build', ...flags, join(import.meta.dirname, '../registry')], options)
  const container = await (await engine()).createContainer({
    Image: image,
    Labels: removedWithThisProcess(),
    HostConfig: { PortBindings: { '5000/tcp': [{ HostIp: '127.0.0.1', HostPort: '0' }] } },
  })
  const dispose = async () => {
    await container.remove({ force: true, v: true })
    await (await engine()).getImage(image).remove({ force: true })
  }
  try {
    await container.start()
    const { NetworkSettings } = await container.inspect()
    const address = `127.0.0.1:${NetworkSettings.Ports['5000/tcp']?.[0]?.HostPort}`
    const look = async () => {
      signal?.throwIfAborted()
      const answer = await fetch(`http://${address}/v2/`).catch(() => undefined)
      return answer?.ok || undefined
    }
    if (!(await eventually(30_000, look))) throw new Error('The registry on loopback does not answer.')
    return { address, [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

/**
 * Pushes an image of the engine under another name, which the engine forgets again.
 * @throws Error with what the engine or the registry says
 */
export async function pushAs(image: string, reference: string, signal?: AbortSignal): Promise<void> {
  await execa('docker', ['tag', image, reference])
  try {
    await execa('docker', ['push', '--quiet', reference], { ...(signal && { cancelSignal: signal }) })
  } finally {
    await execa('docker', ['image', 'rm', reference])
  }
}

/**
 * Where a mirror of the registries has a base image.
 * @param base as a Dockerfile names it
 */
export function mirrorOf(base: string, address: string): string {
  const path = base.replace(/^[^/]+\.[^/]+\//, '')
  return `${address}/${path.includes('/') ? path : `library/${path}`}`
}

/**
 * Pushes a base image to where a builder of {@link startBuilder} looks for it.
 * @param base as a Dockerfile names it
 * @throws Error with what the engine or the registry says
 */
export async function pushBase(
  base: string,
  { address }: Pick<Registry, 'address'>,
  signal?: AbortSignal,
): Promise<void> {
  await pushAs(base, mirrorOf(base, address), signal)
}

interface Manifest {
  layers?: PushedLayer[]
  manifests?: { digest: string; platform?: { os: string } }[]
}

/**
 * The layers of an image that a registry has, of one of several platforms those of all; not its attestations. The
 * registry is asked as `docker login` left it.
 * @param reference with the registry's address, as `127.0.0.1:49153/compare:prod`
 * @throws Error when it has no such image
 */
export async function pushedLayers(reference: string): Promise<PushedLayer[]> {
  const read = async (name: string): Promise<PushedLayer[]> => {
    const command = ['buildx', 'imagetools', 'inspect', '--raw', name]
    const { failed, stdout, stderr } = await execa('docker', command, { reject: false })
    if (failed) throw new Error(`The registry has no image ${name}: ${stderr}`)
    const { layers, manifests = [] } = JSON.parse(stdout) as Manifest
    if (layers) return layers
    const images = manifests.filter(({ platform }) => platform?.os !== 'unknown')
    return (await Promise.all(images.map(({ digest }) => read(`${reference}@${digest}`)))).flat()
  }
  return read(reference)
}
