import { ImageArchiveError } from './errors.ts'

/** One JSON document. The text is absent when it was too large to be kept. */
export interface Document {
  path: string
  digest: string
  bytes: number
  text?: string
}

/** Points to a blob (https://github.com/opencontainers/image-spec/blob/main/descriptor.md). */
export interface Descriptor {
  digest: string
  /** `os/architecture` or `os/architecture/variant`. */
  platform?: string
  attestation: boolean
}

export interface Manifest {
  config: Descriptor
  layers: Descriptor[]
}

/** One image of Docker's own `manifest.json`: paths in the archive. */
export interface DockerManifest {
  config: string
  layers: string[]
}

/** Durations are in nanoseconds, as Docker writes them; 0 means the engine's default. */
export interface Healthcheck {
  test: string[]
  interval: number
  timeout: number
  startPeriod: number
  startInterval: number
  retries: number
}

export interface HistoryEntry {
  created: string
  createdBy: string
  comment: string
  /** The instruction made no layer. */
  emptyLayer: boolean
}

/** The image config. What it leaves out is empty; https://github.com/opencontainers/image-spec/blob/main/config.md. */
export interface ImageConfig {
  created: string
  os: string
  architecture: string
  variant: string
  user: string
  env: string[]
  entrypoint: string[]
  cmd: string[]
  workdir: string
  /** As `8080/tcp`. */
  exposedPorts: string[]
  volumes: string[]
  labels: Record<string, string>
  healthcheck: Healthcheck | null
  stopSignal: string
  history: HistoryEntry[]
  diffIds: string[]
}

/** An index's manifests, or one manifest. Throws `DOCUMENT_INVALID` for anything else. */
export function parseManifest(document: Document): { index: Descriptor[] } | Manifest {
  const json = object(parse(document))
  if (Array.isArray(json.manifests))
    return { index: json.manifests.map((each) => descriptor(document, each)) }
  if (!Array.isArray(json.layers)) throw invalid(document, 'it has neither manifests nor layers')
  return {
    config: descriptor(document, json.config),
    layers: json.layers.map((each) => descriptor(document, each)),
  }
}

/** The images of a `manifest.json`. Throws `DOCUMENT_INVALID`. */
export function parseDockerManifest(document: Document): DockerManifest[] {
  return list(parse(document)).map((each) => {
    const { Config, Layers } = object(each)
    if (typeof Config !== 'string' || !Array.isArray(Layers))
      throw invalid(document, 'it has no Config or no Layers')
    return { config: Config, layers: strings(Layers) }
  })
}

/** Throws `DOCUMENT_INVALID`. */
export function parseConfig(document: Document): ImageConfig {
  const json = object(parse(document))
  const { diff_ids } = object(json.rootfs)
  if (!Array.isArray(diff_ids)) throw invalid(document, 'it has no rootfs.diff_ids')
  const config = object(json.config)
  return {
    created: string(json.created),
    os: string(json.os),
    architecture: string(json.architecture),
    variant: string(json.variant),
    user: string(config.User),
    env: strings(config.Env),
    entrypoint: strings(config.Entrypoint),
    cmd: strings(config.Cmd),
    workdir: string(config.WorkingDir),
    exposedPorts: Object.keys(object(config.ExposedPorts)),
    volumes: Object.keys(object(config.Volumes)),
    labels: Object.fromEntries(
      Object.entries(object(config.Labels)).map(([key, value]) => [key, string(value)]),
    ),
    healthcheck: healthcheck(config.Healthcheck),
    stopSignal: string(config.StopSignal),
    history: list(json.history).map((each) => {
      const entry = object(each)
      return {
        created: string(entry.created),
        createdBy: string(entry.created_by),
        comment: string(entry.comment),
        emptyLayer: entry.empty_layer === true,
      }
    }),
    diffIds: strings(diff_ids),
  }
}

function healthcheck(value: unknown): Healthcheck | null {
  const json = object(value)
  if (!Array.isArray(json.Test)) return null
  return {
    test: strings(json.Test),
    interval: number(json.Interval),
    timeout: number(json.Timeout),
    startPeriod: number(json.StartPeriod),
    startInterval: number(json.StartInterval),
    retries: number(json.Retries),
  }
}

function descriptor(document: Document, value: unknown): Descriptor {
  const json = object(value)
  const digest = string(json.digest)
  if (!/^[a-z0-9]+:[0-9a-f]+$/.test(digest))
    throw invalid(document, `it points to ${JSON.stringify(json.digest)}`)
  const { os, architecture, variant } = object(json.platform)
  const annotations = object(json.annotations)
  return {
    digest,
    attestation:
      annotations['vnd.docker.reference.type'] === 'attestation-manifest' ||
      (os === 'unknown' && architecture === 'unknown'),
    ...(json.platform !== undefined && {
      platform: platformName(string(os), string(architecture), string(variant)),
    }),
  }
}

export function platformName(os: string, architecture: string, variant: string): string {
  return [os, architecture, variant].filter(Boolean).join('/')
}

function parse(document: Document): unknown {
  if (document.text === undefined)
    throw new ImageArchiveError(
      'DOCUMENT_TOO_LARGE',
      `${document.path} has ${document.bytes} bytes, too many for a manifest or a config. Build the image again.`,
    )
  try {
    return JSON.parse(document.text)
  } catch (error) {
    throw invalid(document, (error as Error).message, error)
  }
}

function invalid(document: Document, reason: string, cause?: unknown): ImageArchiveError {
  return new ImageArchiveError(
    'DOCUMENT_INVALID',
    `${document.path} is not what an image has there: ${reason}. Save, build or pull the image again.`,
    { cause },
  )
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function strings(value: unknown): string[] {
  return list(value).map(string)
}

function string(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0
}
