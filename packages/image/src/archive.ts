import { posix } from 'node:path'
import { Readable } from 'node:stream'
import { hashed, isDocument, readDocument, readLayer } from './blob.ts'
import { type Cache, cacheKey } from './cache.ts'
import type { ByteRange } from './elf.ts'
import { ImageArchiveError } from './errors.ts'
import type { LayerFacts } from './layer.ts'
import type { Parts } from './manifest.ts'
import { readTar, type TarEntry, TarError } from './tar.ts'

/** Reads a layer of an archive by its place in it, once the archive was passed over. */
export type LayerReader = (digest: string, range: ByteRange) => Promise<LayerFacts>

/**
 * Reads an archive in its order, whatever that is. Each blob is hashed and held against its name; layers are analysed
 * as they stream by, those that the cache knows are only hashed. With a `readLater`, layers that are named by their
 * digest are passed over. Throws an {@link ImageArchiveError} for an archive that is cut short, that is no tar, or whose
 * blobs are not what their names say.
 */
export async function readArchive(
  source: AsyncIterable<Uint8Array>,
  needles: readonly string[],
  cache?: Cache,
  readLater?: LayerReader,
): Promise<Parts> {
  const parts: Parts = { documents: new Map(), layers: new Map(), links: new Map() }
  const watched = watch(source)
  let end = 0
  try {
    await readTar(
      watched.chunks,
      (entry) => {
        end = entry.header.byteOffset + Math.ceil(entry.header.size / 512) * 512
        return readEntry(entry, parts, needles, cache, readLater)
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
  return parts
}

async function readEntry(
  entry: TarEntry,
  parts: Parts,
  needles: readonly string[],
  cache: Cache | undefined,
  readLater: LayerReader | undefined,
): Promise<void> {
  const { header } = entry
  const path = posix.normalize(header.name)
  if (header.type === 'symlink' || header.type === 'link') {
    const base = header.type === 'symlink' ? posix.dirname(path) : '.'
    parts.links.set(path, posix.join(base, header.linkname ?? ''))
  }
  if (header.type !== 'file' && header.type !== 'contiguous-file') {
    entry.resume()
    return
  }

  const { size = 0, byteOffset: start } = header
  const named = digestInName(path)
  const known = named && ((await cache?.get(cacheKey('layer', named, needles))) as LayerFacts | undefined)
  const remember = async (facts: LayerFacts) => {
    await cache?.set(cacheKey('layer', facts.digest, needles), facts)
    return facts
  }
  const blob = hashed(entry)
  if (known) {
    await blob.finish(named)
    parts.layers.set(path, async () => known)
  } else if (isDocument(await blob.peek(512))) {
    await readDocument(path, size, blob, named, parts.documents)
  } else if (named && readLater && size > 0) {
    await blob.skip()
    // An image may have the same layer twice.
    let reading: Promise<LayerFacts> | undefined
    parts.layers.set(path, () => {
      reading ??= readLater(named, { start, end: start + size }).then(remember)
      return reading
    })
  } else {
    const layer = await readLayer(blob, named, needles)
    // Whether it matters is known once the manifests are.
    parts.layers.set(path, async () => {
      if (layer instanceof ImageArchiveError) throw layer
      return layer
    })
    if (!(layer instanceof ImageArchiveError)) await remember(layer)
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
