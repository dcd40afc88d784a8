import { createReadStream } from 'node:fs'
import { addAbortSignal } from 'node:stream'
import { readArchive } from './archive.ts'
import type { Cache } from './cache.ts'
import type { FileFacts } from './collectors.ts'
import type { Compression } from './decompress.ts'
import { type ImageConfig, parseConfig } from './documents.ts'
import { ImageArchiveError } from './errors.ts'
import type { EntryType, LayerFacts } from './layer.ts'
import { type Candidate, chooseImage, completeImages, type Parts } from './manifest.ts'
import { analyseInThread } from './threads.ts'

export interface ReadOptions {
  /** As `linux/arm64` or `linux/arm/v7`. Needed only where several images are complete. */
  platform?: string
  /** Byte strings to look for in every file of every layer, in its bytes, its name and its link target. */
  needles?: readonly string[]
  /** Remembers layers. */
  cache?: Cache | undefined
}

export interface LayerEntry {
  /** Absolute and normal. For a whiteout: what it deletes; for an opaque directory: the directory. */
  path: string
  type: EntryType
  /** The lower 12 bits. */
  mode: number
  uid: number
  gid: number
  /** Bytes of a regular file, else 0. */
  size: number
  /** Of a symlink as written, of a hard link absolute; else empty. */
  target: string
}

export interface Layer {
  /** Of the blob; of a plain layer the diffID. */
  digest: string
  diffId: string
  compression: Compression
  /** Bytes of the blob in a registry. For a plain layer: what gzip level 6 makes of it, and then an estimate. */
  compressedBytes: number
  compressedIsEstimate: boolean
  /** Sum of the sizes of the regular files in the layer, each hard-linked one once. */
  unpackedBytes: number
  /** Names of regular files in the layer, hard links included. */
  files: number
  /** The instruction that made it, from the history; empty if the history does not say. */
  createdBy: string
  /** All it holds, in its order: also what a later layer deletes, and the deletions themselves. */
  entries: LayerEntry[]
  /** Where a needle is. */
  found: { needle: string; path: string }[]
  /** What the files read by a collector, and programs, say, by path. */
  texts: Record<string, FileFacts>
  /** Files too large for their collector, by path. */
  unread: string[]
}

export interface Image {
  config: ImageConfig
  /** The config's own text, for what the parsed one leaves out. */
  rawConfig: string
  configDigest: string
  /** Absent for an archive without an OCI index. One of plain layers is the engine's, and no registry's. */
  manifestDigest?: string
  layers: Layer[]
  /** What a pull transfers: the config and each distinct layer blob once. The manifest (about 1 kB) is not counted. */
  compressedBytes: number
  /** What the disk holds: the sum of the layers. */
  unpackedBytes: number
}

/**
 * Reads an image archive, the body of an engine's `GET /images/{name}/get`, as it streams by: an OCI layout, or the
 * form of Docker before 25. Its memory grows with the number of files, not with their bytes. Throws an
 * {@link ImageArchiveError} and destroys a Readable that it could not read to the end.
 */
export async function readImage(
  source: AsyncIterable<Uint8Array>,
  { platform, needles = [], cache }: ReadOptions = {},
): Promise<Image> {
  const sorted = sortNeedles(needles)
  const parts = await readArchive(source, sorted, cache)
  return assemble(parts, chooseImage(parts, platform), sorted)
}

/**
 * As {@link readImage}, of an archive in a file: its layers are analysed in threads, and only those of the image.
 * @param path absolute
 * @throws ImageArchiveError; the file system's own errors; the signal's reason
 */
export async function readImageFile(
  path: string,
  { platform, needles = [], cache, signal }: ReadOptions & { signal?: AbortSignal | undefined } = {},
): Promise<Image> {
  const sorted = sortNeedles(needles)
  const over = new AbortController()
  const until = signal ? AbortSignal.any([signal, over.signal]) : over.signal
  const file = createReadStream(path, { highWaterMark: 1 << 20 })
  try {
    const parts = await readArchive(addAbortSignal(until, file), sorted, cache, (digest, range) =>
      analyseInThread({ path, range, digest, needles: sorted }, range.end - range.start, until),
    )
    return await assemble(parts, chooseImage(parts, platform), sorted)
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  } finally {
    // Of an image that cannot be read, the other layers need not be.
    over.abort()
  }
}

/**
 * As {@link readImage}, for an archive of several images, which holds what they share once: all that are complete in it,
 * in the order of its index.
 */
export async function readImages(
  source: AsyncIterable<Uint8Array>,
  { needles = [], cache }: Omit<ReadOptions, 'platform'> = {},
): Promise<Image[]> {
  const sorted = sortNeedles(needles)
  const parts = await readArchive(source, sorted, cache)
  return Promise.all(completeImages(parts).map((each) => assemble(parts, each, sorted)))
}

/** Each once, in the order that the facts about a layer count in. Throws a TypeError for an empty one. */
export function sortNeedles(needles: readonly string[]): string[] {
  if (needles.includes('')) throw new TypeError('A needle must not be empty.')
  return [...new Set(needles)].sort()
}

/** Puts an image together, and holds its layers against its config. */
export async function assemble(parts: Parts, chosen: Candidate, needles: readonly string[]): Promise<Image> {
  const document = parts.documents.get(chosen.config)
  if (!document)
    throw new ImageArchiveError(
      'CONFIG_MISSING',
      `The image's config ${chosen.config} is missing. Save, build or pull the image again.`,
    )
  const config = parseConfig(document)
  const facts = await Promise.all(chosen.layers.map((path) => layerAt(parts, path)))
  holdAgainst(config, facts)

  const instructions = config.history.filter((entry) => !entry.emptyLayer)
  const layers = facts.map((layer, index) => toLayer(layer, needles, instructions[index]?.createdBy ?? ''))
  const blobs = new Map(layers.map((layer) => [layer.digest, layer.compressedBytes]))
  return {
    config,
    rawConfig: document.text ?? '',
    configDigest: document.digest,
    ...(chosen.manifestDigest && { manifestDigest: chosen.manifestDigest }),
    layers,
    compressedBytes: document.bytes + sum(blobs.values()),
    unpackedBytes: sum(layers.map((layer) => layer.unpackedBytes)),
  }
}

async function layerAt(parts: Parts, path: string): Promise<LayerFacts> {
  const read = parts.layers.get(path)
  if (!read)
    throw new ImageArchiveError(
      'LAYER_MISSING',
      `The image's layer ${path} is missing. Save, build or pull the image again, for a platform that the engine holds.`,
    )
  return read()
}

function holdAgainst(config: ImageConfig, layers: LayerFacts[]): void {
  const expected = config.diffIds.join('\n')
  const actual = layers.map((layer) => layer.diffId).join('\n')
  if (expected === actual) return
  const wrong = config.diffIds.findIndex((diffId, index) => diffId !== layers[index]?.diffId)
  throw new ImageArchiveError(
    'DIFF_ID_MISMATCH',
    wrong < 0
      ? `The config names ${config.diffIds.length} layers, the manifest ${layers.length}. Build or pull the image again.`
      : `The config names ${config.diffIds[wrong]} as layer ${wrong}, but ${layers[wrong]?.diffId ?? 'none'} is there. Build or pull the image again.`,
  )
}

function toLayer(facts: LayerFacts, needles: readonly string[], createdBy: string): Layer {
  const entries = facts.entries.map(([path, type, mode, uid, gid, size, target]) => ({
    path,
    type,
    mode,
    uid,
    gid,
    size,
    target,
  }))
  return {
    ...facts,
    entries,
    files: entries.filter(({ type }) => type === 'file' || type === 'link').length,
    createdBy,
    found: facts.found.map(([needle, path]) => ({ needle: needles[needle] as string, path })),
  }
}

function sum(numbers: Iterable<number>): number {
  let total = 0
  for (const each of numbers) total += each
  return total
}
