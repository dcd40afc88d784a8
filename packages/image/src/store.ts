import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { hashedFile, readDocument } from './blob.ts'
import { type Cache, cacheKey } from './cache.ts'
import { type Document, parseManifest } from './documents.ts'
import { assemble, type Image, type ReadOptions, sortNeedles } from './image.ts'
import type { LayerFacts } from './layer.ts'
import { blobPath, chooseImage, type Parts } from './manifest.ts'
import { analyseInThread } from './threads.ts'

/**
 * Reads the image whose index, or manifest, has the digest. Throws as `readImage` does, and the signal's reason when it
 * aborts.
 */
export type StoreReader = (
  digest: string,
  options?: { platform?: string | undefined; signal?: AbortSignal | undefined },
) => Promise<Image>

/**
 * Opens a store of blobs in files, to read its images: containerd's, or an OCI layout. Layers are analysed in threads,
 * each once, however many images under way have it; each blob is hashed as it is read and held against its name.
 * @param directory absolute; a blob is `blobs/sha256/<hex>` in it
 */
export function storeReader(
  directory: string,
  { needles = [], cache }: Omit<ReadOptions, 'platform'> = {},
): StoreReader {
  const sorted = sortNeedles(needles)
  const readLayer = layerReader(directory, sorted, cache)
  return async (digest, { platform, signal } = {}) => {
    const over = new AbortController()
    const until = signal ? AbortSignal.any([signal, over.signal]) : over.signal
    try {
      const parts = await findParts(directory, digest, (...layer) => readLayer(...layer, until))
      return await assemble(parts, chooseImage(parts, platform), sorted)
    } finally {
      // Of an image that cannot be read, the other layers need not be.
      over.abort()
    }
  }
}

/** What a layout has whose index points to the digest. Layers are looked for, not yet read. */
async function findParts(
  directory: string,
  digest: string,
  readLayer: (digest: string, bytes: number) => Promise<LayerFacts>,
): Promise<Parts> {
  const text = JSON.stringify({ manifests: [{ digest }] })
  const index = { path: 'index.json', digest: '', bytes: text.length, text }
  const parts: Parts = { documents: new Map([[index.path, index]]), layers: new Map(), links: new Map() }

  const add = async (digest: string): Promise<Document | undefined> => {
    const path = blobPath(digest)
    const bytes = await sizeOf(join(directory, path))
    if (bytes === undefined) return undefined
    using blob = hashedFile(join(directory, path))
    return await readDocument(path, bytes, blob, digest, parts.documents)
  }
  const visit = async (digest: string): Promise<void> => {
    const document = await add(digest)
    if (!document) return
    const parsed = parseManifest(document)
    if ('index' in parsed) {
      for (const child of parsed.index) if (!child.attestation) await visit(child.digest)
      return
    }
    await add(parsed.config.digest)
    for (const { digest } of parsed.layers) {
      const bytes = await sizeOf(join(directory, blobPath(digest)))
      if (bytes !== undefined) parts.layers.set(blobPath(digest), () => readLayer(digest, bytes))
    }
  }
  await visit(digest)
  return parts
}

interface Reading {
  facts: Promise<LayerFacts>
  /** How many images wait for it. */
  images: number
  stop: AbortController
}

function layerReader(directory: string, needles: readonly string[], cache: Cache | undefined) {
  const readings = new Map<string, Reading>()

  const read = async (digest: string, bytes: number, signal: AbortSignal): Promise<LayerFacts> => {
    const key = cacheKey('layer', digest, needles)
    const known = (await cache?.get(key)) as LayerFacts | undefined
    if (known) return known
    const path = join(directory, blobPath(digest))
    const facts = await analyseInThread({ path, digest, needles }, bytes, signal)
    await cache?.set(key, facts)
    return facts
  }

  return async (digest: string, bytes: number, signal: AbortSignal): Promise<LayerFacts> => {
    let reading = readings.get(digest)
    if (!reading) {
      const stop = new AbortController()
      reading = { facts: read(digest, bytes, stop.signal), images: 0, stop }
      readings.set(digest, reading)
    }
    reading.images++
    try {
      return await orAborted(reading.facts, signal)
    } finally {
      if (--reading.images === 0) {
        readings.delete(digest)
        reading.stop.abort()
      }
    }
  }
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

/** Undefined when there is no such file. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
