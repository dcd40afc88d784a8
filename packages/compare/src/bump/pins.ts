import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bakeImages, baseImages, mirrorOf } from '@stagecraft/engine'
import { replaceFile } from '@stagecraft/engine/replace-file'
import { execa } from 'execa'
import { CompareError } from '../errors.ts'

const file = 'docker-bake.pins.hcl'

/** The digest of each base image by its name; undefined where none is pinned. */
export type Pins = Map<string, string | undefined>

/** The base images of every image of the bake file, each once, sorted. */
export async function allBases(root: string): Promise<string[]> {
  return (await baseImages(root, await bakeImages(root))).sort()
}

/** What docker-bake.pins.hcl pins. */
export async function readPins(root: string): Promise<Pins> {
  const text = await readFile(join(root, file), 'utf8')
  const entries = text.matchAll(
    /^ +"(?<base>[^"]+)" += "docker-image:\/\/\k<base>(?:@(?<digest>sha256:\w+))?"$/gm,
  )
  return new Map([...entries].map(({ groups }) => [groups?.base ?? '', groups?.digest]))
}

/** The whole of docker-bake.pins.hcl. */
export function renderPins(pins: Pins): string {
  const lines = [...pins].map(
    ([base, digest]) => `    "${base}" = "docker-image://${base}${digest ? `@${digest}` : ''}"\n`,
  )
  return `# The digest of each base image, for releases: docker buildx bake -f docker-bake.hcl -f docker-bake.pins.hcl release
# Made by pnpm bump pins, and kept by Renovate. One without a digest is whatever its tag is.
target "_common" {
  contexts = {
${lines.join('')}  }
}
`
}

/**
 * Asks the registries for today's digest of every base image, and writes them all or nothing.
 * @param mirror the address of a registry that has them too, to ask instead
 * @throws CompareError when a registry does not answer, or has no such image
 */
export async function renewPins(root: string, mirror?: string, signal?: AbortSignal): Promise<Pins> {
  const pins: Pins = new Map()
  for (const base of await allBases(root)) {
    const reference = mirror ? mirrorOf(base, mirror) : base
    const args = ['buildx', 'imagetools', 'inspect', reference, '--format={{json .Manifest}}']
    const { failed, stdout, stderr } = await execa('docker', args, {
      reject: false,
      ...(signal && { cancelSignal: signal }),
    })
    signal?.throwIfAborted()
    if (failed)
      throw new CompareError(
        'NO_REGISTRY',
        `The digest of ${base} cannot be read: ${stderr.trim().split('\n').at(-1)}`,
        'Check the network, or name a registry that has it: pnpm bump pins --mirror registry.example.com',
      )
    pins.set(base, (JSON.parse(stdout) as { digest: string }).digest)
  }
  await replaceFile(join(root, file), renderPins(pins))
  return pins
}
