import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { sniffCompression } from './decompress.ts'
import type { Document } from './documents.ts'
import type { ByteRange } from './elf.ts'
import { ImageArchiveError } from './errors.ts'
import { analyseLayer, LayerDefect, type LayerFacts } from './layer.ts'
import { isTarHeader } from './tar.ts'

/** A blob's bytes as they come, hashed. */
export interface HashedBlob {
  /** The first bytes, fewer than `length` when there are no more; `chunks` repeats them. */
  peek(length: number): Promise<Uint8Array>
  /** Leaving the loop early leaves the rest unread, to be finished. */
  chunks: AsyncIterable<Uint8Array>
  /** Reads what is left. Throws if the blob broke off, or if its digest is not the one that it is named by. */
  finish(named: string | undefined): Promise<{ digest: string; bytes: number }>
  /** Passes over what is left, which is not hashed. */
  skip(): Promise<void>
}

export function hashed(chunks: AsyncIterable<Uint8Array>): HashedBlob {
  const hash = createHash('sha256')
  const source: AsyncIterator<Uint8Array> = chunks[Symbol.asyncIterator]()
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
          `The blob ${named} is damaged: its bytes have the digest ${digest}. Save, build or pull the image again.`,
        )
      return { digest, bytes }
    },
    async skip() {
      while (!(await source.next()).done);
    },
  }
}

/** Whether a blob may be a JSON document, by its first 512 bytes. */
export function isDocument(head: Uint8Array): boolean {
  return !isLayer(head) && /^\s*[{[]/.test(Buffer.from(head).toString('latin1'))
}

function isLayer(head: Uint8Array): boolean {
  return isTarHeader(head) || sniffCompression(head) !== 'none'
}

/**
 * Analyses a layer, or gives the reason why it cannot be read. Throws for bytes that are not those of the digest that
 * the blob is named by.
 */
export async function readLayer(
  blob: HashedBlob,
  named: string | undefined,
  needles: readonly string[],
): Promise<LayerFacts | ImageArchiveError> {
  try {
    const head = await blob.peek(512)
    if (!isLayer(head)) throw new LayerDefect('LAYER_NOT_TAR', 'what it holds is not a tar')
    const { gzippedBytes, ...contents } = await analyseLayer(
      head,
      blob.chunks,
      needles.map((needle) => Buffer.from(needle)),
    )
    const { digest, bytes } = await blob.finish(named)
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
    const { digest } = await blob.finish(named)
    return new ImageArchiveError(
      error.code,
      `The layer ${digest} cannot be read: ${error.message}. Build or pull the image again.`,
      { cause: error },
    )
  }
}

/** Bytes of one JSON document, and of all, that are held in memory. Attestations (SBOMs) may well be larger. */
const DOCUMENT_LIMIT = 4 * 1024 * 1024
const DOCUMENTS_LIMIT = 16 * DOCUMENT_LIMIT

/** Reads a document of `size` bytes, and adds it to those that are there. */
export async function readDocument(
  path: string,
  size: number,
  blob: HashedBlob,
  named: string | undefined,
  documents: Map<string, Document>,
): Promise<Document> {
  const held = [...documents.values()].reduce((sum, { text }) => sum + (text?.length ?? 0), 0)
  const keep = size <= DOCUMENT_LIMIT && held + size <= DOCUMENTS_LIMIT
  const kept: Uint8Array[] = []
  if (keep) for await (const chunk of blob.chunks) kept.push(chunk)
  const { digest, bytes } = await blob.finish(named)
  const document = { path, digest, bytes, ...(keep && { text: Buffer.concat(kept).toString() }) }
  documents.set(path, document)
  return document
}

/** The blob in a file, or in a part of it, which is closed when it is disposed. */
export function hashedFile(path: string, range?: ByteRange): HashedBlob & Disposable {
  const part = range && { start: range.start, end: range.end - 1 }
  const file = createReadStream(path, { highWaterMark: 128 * 1024, ...part })
  return { ...hashed(file), [Symbol.dispose]: () => file.destroy() }
}
