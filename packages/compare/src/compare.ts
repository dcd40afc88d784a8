import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import {
  type BakeImage,
  engine,
  findImage,
  loadImageConfig,
  readLocalImage,
  readRevision,
} from '@stagecraft/contract'
import { contents, type Image } from '@stagecraft/image'
import type { ImageReport, Report } from '@stagecraft/report'
import { execa } from 'execa'
import { CompareError } from './errors.ts'
import { measureRun } from './run.ts'

/** The label that a stand-in base leaves in every image built on it. */
const standInLabel = 'dev.stagecraft.stand-in'
const baseLabel = 'org.opencontainers.image.base.name'

export type CompareOptions = {
  root: string
  /** How often each image is started. */
  runs: number
  signal: AbortSignal
  /** Called before each image. */
  progress: (text: string) => void
}

/**
 * Reads and boots each image, one after the other so that none disturbs the measurement of another.
 * @throws CompareError when an image is missing or does not become ready
 */
export async function compare(images: BakeImage[], options: CompareOptions): Promise<Report> {
  const reports: ImageReport[] = []
  for (const [index, image] of images.entries()) {
    options.progress(`reading and booting ${image.image} (${index + 1} of ${images.length})`)
    reports.push(await compareOne(image, options))
  }
  const { revision } = await readRevision(options.root)
  return {
    schemaVersion: 1,
    createdAt: new Date().toISOString(),
    revision,
    host: await describeHost(),
    images: reports,
  }
}

async function compareOne(
  { app, variant, image }: BakeImage,
  { root, runs, signal }: CompareOptions,
): Promise<ImageReport> {
  const docker = await engine()
  const { port, ready } = await loadImageConfig(join(root, 'apps', app))
  if (!(await findImage(image))) {
    throw new CompareError(
      'IMAGE_MISSING',
      `There is no image ${image}.`,
      'Leave out --no-build to have it built.',
    )
  }
  const facts = await readLocalImage(image, join(root, '.cache/layers'))
  signal.throwIfAborted()
  const run = await measureRun(docker, { image, port, ready }, runs, signal)
  return { app, variant, image, ...describeImage(facts), run }
}

function describeImage(image: Image): Omit<ImageReport, 'app' | 'variant' | 'image' | 'run'> {
  const { compressedBytes, unpackedBytes, layers, config } = image
  const { files, executables, osPackages, npmPackages, shells, ...rest } = contents(image)
  const { packageManagers, compilers, setuidFiles, wastedBytes, largestFiles } = rest
  return {
    base: { name: config.labels[baseLabel] ?? 'scratch', standIn: standInLabel in config.labels },
    size: { compressedBytes, unpackedBytes },
    layers: layers.map((layer) => ({
      digest: layer.digest,
      compressedBytes: layer.compressedBytes,
      ...(layer.compressedIsEstimate && { compressedIsEstimate: true }),
      unpackedBytes: layer.unpackedBytes,
      createdBy: layer.createdBy.slice(0, 4096),
    })),
    contents: {
      files,
      executables,
      osPackages,
      npmPackages,
      shells,
      packageManagers,
      compilers,
      setuidFiles,
      wastedBytes,
      largestFiles,
    },
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
