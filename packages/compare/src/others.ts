import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { checkImage, contract, openSubject } from '@stagecraft/contract'
import {
  type BakeImage,
  engine,
  findImage,
  NotReady,
  products,
  readLocalImage,
  readSavedImage,
} from '@stagecraft/engine'
import type { Image } from '@stagecraft/image'
import type { Other } from '@stagecraft/report'
import { readFacts } from './describe.ts'
import { differ, type Side } from './difference/differ.ts'
import { nearest } from './difference/nearest.ts'
import { CompareError } from './errors.ts'
import { measureRun } from './run.ts'

export interface OtherOptions {
  /** Where the app listens in the container, instead of the first port that is EXPOSEd. */
  port?: number | undefined
  /** A path that it answers with 200 when it is ready, instead of the one that its health check asks for. */
  ready?: string | undefined
  /** Of an archive with images for several, as `linux/arm64`. */
  platform?: string | undefined
  /** Starts; three if left out. */
  runs?: number | undefined
  /** Whether to measure it under requests and without a container too. */
  load?: boolean | undefined
  /** Images of the bake file, of which the nearest is looked for among the products that are there. */
  references: readonly BakeImage[]
  signal: AbortSignal
  doing: (text: string) => void
}

/** Promises that can be asked of an image of which nothing is known but where it answers. */
const promises = [
  'ready',
  'non-root',
  'any-user',
  'read-only',
  'write-access',
  'ports',
  'health',
  'stops',
  'no-secrets',
  'no-tools',
  'no-waste',
  'reproducible',
]

/** Whether a name is the path of an archive or an OCI layout, which is preferred to an image of that name. */
export const isOnDisk = (name: string): boolean => existsSync(resolve(name))

/** What another image is called in the report: an archive can have several, one for each platform. */
export const nameOther = (name: string, platform?: string): string =>
  platform ? `${name} (${platform})` : name

/**
 * @param name of a local image, or the path of an archive or an OCI layout
 * @throws CompareError when there is neither
 */
export async function requireOther(name: string): Promise<void> {
  if (isOnDisk(name) || (await findImage(name))) return
  throw new CompareError(
    'UNKNOWN_TARGET',
    `There is no image ${name} on this machine, and no file or folder of that name.`,
    `Get it first: docker pull ${name}`,
  )
}

/**
 * Looks at an image that is not of this repository: what is in it, how it runs, which promises of the contract it keeps
 * and which of the references it is most like.
 * @param name of a local image, or the path of an archive or an OCI layout, which is only read
 * @throws ImageArchiveError when it cannot be read; Error when there is no such image
 */
export async function examine(name: string, options: OtherOptions): Promise<Other> {
  const { signal, doing, platform } = options
  const saved = isOnDisk(name)
  doing(`reading ${name}`)
  const image = saved
    ? await readSavedImage(resolve(name), { platform, signal })
    : await readLocalImage(name, { signal })
  const facts = readFacts(image)
  const other: Other = { image: nameOther(name, platform), ...facts }
  if (saved)
    other.notRun = 'An archive is only read. To have it started too, load it: docker load --input ...'
  else await run(other, image, options)
  doing('looking for the nearest reference')
  const like = await findNearest(other, options)
  return like ? { ...other, like } : other
}

async function run(other: Other, image: Image, options: OtherOptions): Promise<void> {
  const { signal, doing, runs, load } = options
  const asked = healthUrl(other.config.healthcheck)
  const port = options.port ?? asked?.port ?? exposedPort(image)
  if (!port) {
    other.notRun =
      'It does not say where it listens: no EXPOSE, no health check with a URL. Say it: --port 8080'
    return
  }
  const ready = options.ready ?? asked?.path ?? '/'
  try {
    doing(`starting ${other.image}`)
    const figures = await measureRun({ image: other.image, port, ready }, { signal, runs, load })
    other.run = figures
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof NotReady)) throw error
    const hint = options.ready ? '' : '\nAnother path, or another port? Say it: --ready /healthz --port 8080'
    other.notRun = `${error.message}${hint}\n${error.evidence}`.trim()
    return
  }
  doing(`checking the contract of ${other.image}`)
  await using subject = openSubject({
    app: other.image,
    variant: 'prod',
    image: other.image,
    base: await findBaseOf(image),
    config: { port, ready, routes: [{ path: ready, status: 200 }] },
    appDir: import.meta.dirname,
  })
  other.contract = []
  for await (const { id, verdict, detail } of checkImage(subject, promises)) {
    signal.throwIfAborted()
    const promise = contract.find((check) => check.id === id)?.promise
    other.contract.push({ id, ...(promise && { promise }), verdict, detail: detail.slice(0, 16_384) })
  }
}

/** The port of the last EXPOSE: those of the base come before. The history need not say, the config always does. */
function exposedPort({ config: { history, exposedPorts } }: Image): number | undefined {
  const exposed = history.map(({ createdBy }) => /\bEXPOSE\b\D+(\d+)/.exec(createdBy)?.[1])
  const port = exposed.findLast(Boolean) ?? exposedPorts[0]
  return port === undefined ? undefined : Number.parseInt(port, 10)
}

/** Where a health check asks, if it says so. */
function healthUrl(test: readonly string[]): { port: number; path: string } | undefined {
  const [, port = '80', path = '/'] =
    /http:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1])(?::(\d+))?(\/[^\s"'|;)]*)?/.exec(test.join(' ')) ??
    []
  return test.join(' ').includes('http://') ? { port: Number(port), path } : undefined
}

/**
 * The image on this machine that most of its layers, from the first, are of; `scratch` where none is. Of several with the
 * same layers it is the one with the shortest history: the others were made from it, and added no layer.
 */
export async function findBaseOf({ layers }: { layers: readonly { diffId: string }[] }): Promise<string> {
  const docker = await engine()
  const names = (await docker.listImages()).flatMap(({ RepoTags }) => RepoTags?.slice(0, 1) ?? [])
  let best: { names: string[]; layers: number } = { names: [], layers: 1 }
  for (const name of names) {
    const diffIds = (await findImage(name))?.RootFS.Layers ?? []
    const isBase =
      diffIds.length < layers.length && diffIds.every((diffId, index) => diffId === layers[index]?.diffId)
    if (!isBase || diffIds.length < best.layers) continue
    best = { names: [...(diffIds.length > best.layers ? [] : best.names), name], layers: diffIds.length }
  }
  const [only = 'scratch', ...others] = best.names
  if (others.length === 0) return only
  const histories = await Promise.all(
    best.names.map(async (name) => ({
      name,
      // One that has gone meanwhile is not the one that is looked for.
      length: await docker
        .getImage(name)
        .history()
        .then(
          ({ length }) => length,
          () => Infinity,
        ),
    })),
  )
  return histories.toSorted((one, other) => one.length - other.length)[0]?.name ?? only
}

async function findNearest(other: Other, { references, signal }: OtherOptions): Promise<Other['like']> {
  const sides: (Side & { name: string })[] = []
  for (const { app, variant, image } of references) {
    if (!products.includes(variant) || image === other.image || !(await findImage(image))) continue
    sides.push({ name: `${app}:${variant}`, ...readFacts(await readLocalImage(image, { signal })) })
  }
  const found = nearest(other, sides)
  return found && { from: found.name, to: other.image, changes: differ(found, other) }
}
