import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { engine, removedWithThisProcess } from './engine.ts'
import { findImage } from './local-image.ts'
import type { Registry } from './registry.ts'

/** A builder with nothing in its cache. Disposing removes it and what it has built. */
export interface EmptyBuilder extends AsyncDisposable {
  /** The environment with which `docker buildx` uses it; the builders of the user's own configuration are not there. */
  env: Record<string, string>
}

const official = 'moby/buildkit:buildx-stable-1'
const ours = 'stagecraft-buildkit:built'

/**
 * The image of a BuildKit daemon: the official one, or where no registry is in reach one that is compiled from its
 * sources, once an engine, which takes minutes.
 * @throws Error with the build's output
 */
export async function findBuildkit(signal?: AbortSignal): Promise<string> {
  const options = { ...(signal && { cancelSignal: signal }) }
  if (await findImage(official)) return official
  const pulled = await execa('docker', ['pull', '--quiet', official], { ...options, reject: false })
  signal?.throwIfAborted()
  if (!pulled.failed) return official
  const folder = join(import.meta.dirname, '../buildkit')
  await execa('docker', ['build', '--builder=default', '--quiet', `--tag=${ours}`, folder], options)
  return ours
}

/**
 * Starts a daemon with an empty cache. Where the registry is on loopback, it takes images from there instead of from
 * their own, if that has them.
 * @param image as {@link findBuildkit} tells
 * @throws Error when it does not come up
 */
export async function startBuilder(
  image: string,
  { address }: Pick<Registry, 'address'>,
  signal?: AbortSignal,
): Promise<EmptyBuilder> {
  const mirrors = ['docker.io', 'gcr.io'].map((name) => `[registry."${name}"]\nmirrors = ["${address}"]\n`)
  const isLoopback = /^(localhost|127\.0\.0\.1):\d+$/.test(address)
  const config = isLoopback ? [`[registry."${address}"]\nhttp = true\n`, ...mirrors].join('\n') : ''
  const container = await (await engine()).createContainer({
    Image: image,
    Entrypoint: [
      'sh',
      '-c',
      'printf %s "$CONFIG" > /tmp/config.toml && exec buildkitd --config /tmp/config.toml',
    ],
    Env: [`CONFIG=${config}`],
    Labels: removedWithThisProcess(),
    // The registry is on the loopback of the host.
    HostConfig: { Privileged: true, NetworkMode: 'host' },
    Volumes: { '/var/lib/buildkit': {} },
  })
  const folder = await mkdtemp(join(tmpdir(), 'stagecraft-builder-'))
  const env = { BUILDX_CONFIG: folder, BUILDX_BUILDER: 'empty' }
  const dispose = async () => {
    await container.remove({ force: true, v: true })
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await container.start()
    const options = { env, ...(signal && { cancelSignal: signal }) }
    const endpoint = `docker-container://${container.id}`
    await execa('docker', ['buildx', 'create', '--name=empty', '--driver=remote', endpoint], options)
    await execa('docker', ['buildx', 'inspect', '--bootstrap'], options)
    return { env, [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}
