import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { checkImage, contract, loadImageConfig, openSubject } from '@stagecraft/contract'
import {
  type BakeImage,
  baseNameLabel,
  engine,
  findImage,
  readLocalImages,
  readRevision,
  standInLabel,
} from '@stagecraft/engine'
import { contents, type Image } from '@stagecraft/image'
import type { ImageReport, Report } from '@stagecraft/report'
import { execa } from 'execa'
import { CompareError } from './errors.ts'
import { measureRun } from './run.ts'
import { readSources } from './sources.ts'

export type CompareOptions = {
  root: string
  /** How often each image is started. */
  runs: number
  /** Whether to check which promises of the contract each image keeps. */
  contract: boolean
  signal: AbortSignal
  /** Called before each step. */
  progress: (text: string) => void
}

/**
 * Reads all images, then boots each, one after the other so that none disturbs the measurement of another.
 * @throws CompareError when an image is missing or does not become ready
 */
export async function compare(images: BakeImage[], options: CompareOptions): Promise<Report> {
  for (const { image } of images) await requireImage(image)
  options.progress(images.length > 1 ? `reading ${images.length} images` : `reading ${images[0]?.image}`)
  const names = images.map(({ image }) => image)
  const facts = await readLocalImages(names, layerCache(options.root), options.signal)
  const reports: ImageReport[] = []
  for (const [index, image] of images.entries()) {
    options.signal.throwIfAborted()
    options.progress(`booting ${image.image} (${index + 1} of ${images.length})`)
    reports.push(await compareOne(image, facts[index] as Image, options))
  }
  if (options.contract) {
    options.progress(`checking the contract of ${images.length} images`)
    const results = await Promise.all(images.map((image) => checkContract(image, options)))
    for (const [index, report] of reports.entries()) report.contract = results[index] ?? []
  }
  const { revision } = await readRevision(options.root)
  return {
    schemaVersion: 1,
    createdAt: new Date().toISOString(),
    revision,
    host: await describeHost(),
    images: reports,
    ...(await readSources(options.root, images)),
  }
}

/** Images side by side, since a check waits more than it works; how many start at a time is the contract's to say. */
async function checkContract(
  { app, variant, image }: BakeImage,
  { root, signal }: CompareOptions,
): Promise<NonNullable<ImageReport['contract']>> {
  const appDir = join(root, 'apps', app)
  const config = await loadImageConfig(appDir)
  await using subject = openSubject({ app, variant, image, config, appDir, layerCache: layerCache(root) })
  const results: NonNullable<ImageReport['contract']> = []
  for await (const { id, verdict, detail } of checkImage(subject)) {
    signal.throwIfAborted()
    const promise = contract.find((check) => check.id === id)?.promise
    results.push({ id, ...(promise && { promise }), verdict, detail: detail.slice(0, 16_384) })
  }
  return results
}

const layerCache = (root: string): string => join(root, '.cache/layers')

async function requireImage(image: string): Promise<void> {
  if (await findImage(image)) return
  throw new CompareError(
    'IMAGE_MISSING',
    `There is no image ${image}.`,
    'Leave out --no-build to have it built.',
  )
}

async function compareOne(
  { app, variant, image, dockerfile, stage }: BakeImage,
  facts: Image,
  { root, runs, signal }: CompareOptions,
): Promise<ImageReport> {
  const { port, ready } = await loadImageConfig(join(root, 'apps', app))
  const run = await measureRun({ image, port, ready }, runs, signal)
  return {
    app,
    variant,
    image,
    ...(await describeImage(facts)),
    run,
    dockerfile: { path: dockerfile, ...(stage && { target: stage }) },
  }
}

async function describeImage(
  image: Image,
): Promise<Pick<ImageReport, 'base' | 'size' | 'layers' | 'contents'>> {
  const { compressedBytes, unpackedBytes, layers, config } = image
  const { users, wasted, unread, ...facts } = contents(image)
  const name = config.labels[baseNameLabel] ?? 'scratch'
  const base = await findImage(name)
  return {
    base: {
      name,
      standIn: standInLabel in config.labels,
      ...(base?.RootFS.Layers && { layers: base.RootFS.Layers.length }),
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

async function describeHost(): Promise<Report['host']> {
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
