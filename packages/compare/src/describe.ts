import { availableParallelism } from 'node:os'
import { checkImage, contract, openBakeImage } from '@stagecraft/contract'
import { type BakeImage, engine, findImage, type ImageInspection, standInLabel } from '@stagecraft/engine'
import { contents, type Image } from '@stagecraft/image'
import type { ImageReport, Other, Report } from '@stagecraft/report'
import { execa } from 'execa'

/**
 * What a report says of an image's base.
 * @param name reference of the base, or `scratch`
 */
export async function describeBase(
  name: string,
  { Config }: Pick<ImageInspection, 'Config'>,
): Promise<ImageReport['base']> {
  const base = await findImage(name)
  return {
    name,
    standIn: standInLabel in (Config.Labels ?? {}),
    ...(base?.RootFS.Layers && { layers: base.RootFS.Layers.length }),
  }
}

/** What an image says of itself, without being started. */
export type Facts = Pick<Other, 'config' | 'size' | 'layers' | 'contents'>

export function readFacts(image: Image): Facts {
  const { compressedBytes, unpackedBytes, layers, config } = image
  const { users, wasted, unread, ...facts } = contents(image)
  const { user, env, entrypoint, cmd, workdir, exposedPorts, volumes, healthcheck, stopSignal } = config
  return {
    config: {
      ...{ user, env, entrypoint, cmd, workdir, exposedPorts, volumes, stopSignal },
      healthcheck: healthcheck?.test ?? [],
    },
    size: { compressedBytes, unpackedBytes },
    layers: layers.map((layer) => ({
      digest: layer.digest,
      compressedBytes: layer.compressedBytes,
      ...(layer.compressedIsEstimate && { compressedIsEstimate: true }),
      unpackedBytes: layer.unpackedBytes,
      createdBy: layer.createdBy.slice(0, 4096),
    })),
    contents: facts,
  }
}

/** Which promises of the contract an image keeps. */
export async function checkContract(
  root: string,
  image: BakeImage,
  signal: AbortSignal,
): Promise<NonNullable<ImageReport['contract']>> {
  await using subject = await openBakeImage(root, image)
  const results: NonNullable<ImageReport['contract']> = []
  for await (const { id, verdict, detail } of checkImage(subject)) {
    signal.throwIfAborted()
    const promise = contract.find((check) => check.id === id)?.promise
    results.push({ id, ...(promise && { promise }), verdict, detail: detail.slice(0, 16_384) })
  }
  return results
}

/** Where figures are taken. @throws Error when no engine answers */
export async function describeHost(): Promise<Report['host']> {
  const version = await (await engine()).version()
  const { stdout } = await execa('docker', ['buildx', 'ls', '--format=json'])
  const builders = stdout.split('\n').map((line) => JSON.parse(line))
  const builder = builders.find(({ Name }) => Name === 'default')
  return {
    engine: version.Version,
    buildkit: builder?.Nodes?.[0]?.Version ?? 'unknown',
    architecture: version.Arch,
    cpus: availableParallelism(),
  }
}
