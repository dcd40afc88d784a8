import { randomUUID } from 'node:crypto'
import { execa } from 'execa'
import { canarySecret } from '../src/canary.ts'
import { engine, removedWithThisProcess } from '../src/engine.ts'

export interface FixtureImages extends AsyncDisposable {
  /** The reference of the image of that name. */
  reference(name: string): string
}

/**
 * Builds images from inline Dockerfiles in one go, with the canary as a secret. Disposing removes them, as does the end
 * of this process.
 * @param context absolute path of the build context
 * @param dockerfiles name, as in an image's tag, to Dockerfile
 * @param more what else bake is to know of a target, by that name
 * @throws Error with the build's output
 */
export async function buildFixtureImages(
  context: string,
  dockerfiles: Record<string, string>,
  more: Record<string, object> = {},
): Promise<FixtureImages> {
  const repository = `stagecraft-fixture/${randomUUID().slice(0, 8)}`
  const reference = (name: string) => `${repository}:${name}`
  const target = Object.fromEntries(
    Object.entries(dockerfiles).map(([name, dockerfile]) => [
      name,
      {
        context: '.',
        'dockerfile-inline': dockerfile,
        labels: removedWithThisProcess(),
        tags: [reference(name)],
        ...more[name],
      },
    ]),
  )
  const input = JSON.stringify({ group: { default: { targets: Object.keys(target) } }, target })
  await execa('docker', ['buildx', 'bake', '--progress=plain', '--file=-', ...canarySecret.args], {
    cwd: context,
    env: { BUILDX_BUILDER: 'default', BUILDX_NO_DEFAULT_ATTESTATIONS: '1', ...canarySecret.env },
    input,
  })
  return {
    reference,
    async [Symbol.asyncDispose]() {
      const docker = await engine()
      await Promise.all(
        Object.keys(target).map((name) => docker.getImage(reference(name)).remove({ force: true })),
      )
    },
  }
}
