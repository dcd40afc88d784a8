import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { Readable } from 'node:stream'
import { type LayerCache, layerKey } from './cache.ts'
import { sniffCompression } from './decompress.ts'
import { ImageArchiveError } from './errors.ts'
import { analyseLayer, LayerDefect, type LayerFacts } from './layer.ts'
import { isTarHeader, readTar, type TarEntry, TarError } from './tar.ts'

/** One JSON document of an archive. The text is absent when it was too large to be kept. */
export interface Document {
  path: string
  digest: string
  bytes: number
  text?: string
}

/** What an archive holds, by path. Explains nothing yet: the blobs come before the manifests that name them. */
export interface Archive {
  documents: Map<string, Document>
  /** Each layer's facts, or why it cannot be read. */
  layers: Map<string, LayerFacts | ImageArchiveError>
  /** Symbolic and hard links among the archive's entries, as path to path. */
  links: Map<string, string>
}

/** Bytes of one JSON document, and of all, that are held in memory. Attestations (SBOMs) may well be larger. */
const DOCUMENT_LIMIT = 4 * 1024 * 1024
const DOCUMENTS_LIMIT = 16 * DOCUMENT_LIMIT

/**
 * Reads an archive in its order, whatever that is. Each blob is hashed and held against its name; layers are analysed
 * as they stream by, those that the cache knows are only hashed. Throws an {@link ImageArchiveError} for an archive
 * that is cut short, that is no tar, or whose blobs are not what their names say.
 */
export async function readArchive(
  source: AsyncIterable<Uint8Array>,
  needles: readonly Buffer[],
  cache?: LayerCache,
): Promise<Archive> {
  const archive: Archive = { documents: new Map(), layers: new Map(), links: new Map() }
  const watched = watch(source)
  let end = 0
  try {
    await readTar(
      watched.chunks,
      (entry) => {
        end = entry.header.byteOffset + Math.ceil(entry.header.size / 512) * 512
        return readEntry(entry, archive, needles, cache)
      },
      () => source instanceof Readable && source.destroy(),
    )
  } catch (error) {
    if (!(error instanceof TarError)) throw error
    if (error.cut && watched.bytes() >= 512) throw cutShort(watched.bytes(), error)
    throw new ImageArchiveError(
      'ARCHIVE_NOT_TAR',
      `The image archive is not a tar (${error.message}). Give what \`docker save\` writes, uncompressed.`,
      { cause: error },
    )
  }
  // A cut between two entries leaves a good tar but for the two blocks of zeros that end it.
  if (watched.bytes() < end + 1024) throw cutShort(watched.bytes())
  return archive
}

/** Follows links among the archive's own entries. */
export function follow(archive: Archive, path: string): string {
  let at = posix.normalize(path)
  for (let hops = 0; hops < 8; hops++) {
    const next = archive.links.get(at)
    if (next === undefined) break
    at = next
  }
  return at
}

async function readEntry(
  entry: TarEntry,
  archive: Archive,
  needles: readonly Buffer[],
  cache: LayerCache | undefined,
): Promise<void> {
  const { header } = entry
  const path = posix.normalize(header.name)
  if (header.type === 'symlink' || header.type === 'link') {
    const base = header.type === 'symlink' ? posix.dirname(path) : '.'
    archive.links.set(path, posix.join(base, header.linkname ?? ''))
  }
  if (header.type !== 'file' && header.type !== 'contiguous-file') {
    entry.resume()
    return
  }

  const named = digestInName(path)
  const known = named ? await cache?.get(layerKey(named, needles)) : undefined
  const body = hashed(entry)
  const head = await body.peek(512)

  if (known) {
    await body.finish(named)
    archive.layers.set(path, known)
  } else if (isTarHeader(head) || sniffCompression(head) !== 'none') {
    const layer = await readLayer(head, body, named, needles)
    archive.layers.set(path, layer)
    if (!(layer instanceof ImageArchiveError)) await cache?.set(layerKey(layer.digest, needles), layer)
  } else if (/^\s*[{[]/.test(Buffer.from(head).toString('latin1'))) {
    archive.documents.set(path, await readDocument(path, header.size ?? 0, body, named, archive))
  } else {
    const { digest } = await body.finish(named)
    const message = layerMessage(digest, 'what it holds is not a tar')
    archive.layers.set(path, new ImageArchiveError('LAYER_NOT_TAR', message))
  }
}

async function readLayer(
  head: Uint8Array,
  body: HashedBody,
  named: string | undefined,
  needles: readonly Buffer[],
): Promise<LayerFacts | ImageArchiveError> {
  try {
    const { gzippedBytes, ...contents } = await analyseLayer(head, body.chunks, needles)
    const { digest, bytes } = await body.finish(named)
    return {
      digest,
      diffId: digest,
      compressedBytes: gzippedBytes ?? bytes,
      compressedIsEstimate: gzippedBytes !== undefined,
      ...contents,
    }
  } catch (error) {
    if (!(error instanceof LayerDefect)) throw error
    // Bytes damaged on the way are the likelier cause, and the digest tells.
    const { digest } = await body.finish(named)
    return new ImageArchiveError(error.code, layerMessage(digest, error.message), { cause: error })
  }
}

async function readDocument(
  path: string,
  size: number,
  body: HashedBody,
  named: string | undefined,
  archive: Archive,
): Promise<Document> {
  const held = [...archive.documents.values()].reduce((sum, { text }) => sum + (text?.length ?? 0), 0)
  const keep = size <= DOCUMENT_LIMIT && held + size <= DOCUMENTS_LIMIT
  const kept: Uint8Array[] = []
  if (keep) for await (const chunk of body.chunks) kept.push(chunk)
  const { digest, bytes } = await body.finish(named)
  return { path, digest, bytes, ...(keep && { text: Buffer.concat(kept).toString() }) }
}

interface HashedBody {
  /** The first bytes, fewer than `length` when there are no more; `chunks` repeats them. */
  peek(length: number): Promise<Uint8Array>
  /** Leaving the loop early leaves the rest unread, to be finished. */
  chunks: AsyncIterable<Uint8Array>
  /** Reads what is left. Throws if the body broke off, or if the digest is not the one in its name. */
  finish(named: string | undefined): Promise<{ digest: string; bytes: number }>
}

function hashed(entry: TarEntry): HashedBody {
  const hash = createHash('sha256')
  const source: AsyncIterator<Uint8Array> = entry[Symbol.asyncIterator]()
  let head: Uint8Array = new Uint8Array()
  let bytes = 0
  let failure: { error: unknown } | undefined

  async function* read() {
    try {
      if (head.length > 0) yield head
      for (let next = await source.next(); !next.done; next = await source.next()) {
        take(next.value)
        yield next.value
      }
    } catch (error) {
      failure = { error }
      throw error
    }
  }
  const take = (chunk: Uint8Array) => {
    hash.update(chunk)
    bytes += chunk.length
  }
  const reading = read()

  return {
    async peek(length) {
      while (head.length < length) {
        const next = await source.next()
        if (next.done) break
        take(next.value)
        head = Buffer.concat([head, next.value])
      }
      return head.subarray(0, length)
    },
    chunks: { [Symbol.asyncIterator]: () => ({ next: () => reading.next() }) },
    async finish(named) {
      while (!(await reading.next()).done);
      if (failure) throw failure.error
      const digest = `sha256:${hash.digest('hex')}`
      if (named && named !== digest)
        throw new ImageArchiveError(
          'DIGEST_MISMATCH',
          `The blob ${named} was changed on the way: its bytes have the digest ${digest}. Save the image again.`,
        )
      return { digest, bytes }
    },
  }
}

/** The digest that a name promises: of `blobs/sha256/<hex>`, and of the config's `<hex>.json` before Docker 25. */
function digestInName(path: string): string | undefined {
  const hex = /^(?:blobs\/sha256\/([0-9a-f]{64})|([0-9a-f]{64})\.json)$/.exec(path)
  return hex ? `sha256:${hex[1] ?? hex[2]}` : undefined
}

function watch(source: AsyncIterable<Uint8Array>) {
  let bytes = 0
  async function* read() {
    try {
      for await (const chunk of source) {
        bytes += chunk.length
        yield chunk
      }
    } catch (error) {
      throw new ImageArchiveError(
        'ARCHIVE_STREAM_FAILED',
        `The image archive's stream failed after ${bytes} bytes: ${(error as Error).message}. Save the image again.`,
        { cause: error },
      )
    }
  }
  return { chunks: read(), bytes: () => bytes }
}

function cutShort(bytes: number, cause?: unknown): ImageArchiveError {
  return new ImageArchiveError(
    'ARCHIVE_CUT_SHORT',
    `The image archive ends in the middle, after ${bytes} bytes. Save the image again.`,
    { cause },
  )
}

function layerMessage(digest: string, reason: string): string {
  return `The layer ${digest} cannot be read: ${reason}. Build or pull the image again.`
}
