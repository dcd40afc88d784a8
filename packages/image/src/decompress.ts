import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib'

export type Compression = 'gzip' | 'zstd' | 'none'

/** Bytes that come at a time, and bytes that are made ahead, while another thread works on those before. */
const SIZES = { chunkSize: 128 * 1024, readableHighWaterMark: 512 * 1024 }

/** The compression of a blob by its first bytes. A zstd blob may open with a skippable frame (RFC 8878, 3.1.2). */
export function sniffCompression(head: Uint8Array): Compression {
  const [a, b, c, d] = head
  if (a === 0x1f && b === 0x8b) return 'gzip'
  if (b === 0xb5 && c === 0x2f && d === 0xfd && a === 0x28) return 'zstd'
  if (a !== undefined && a >> 4 === 0x5 && b === 0x2a && c === 0x4d && d === 0x18) return 'zstd'
  return 'none'
}

/** The plain bytes of a blob. Errors of zlib pass through: `Z_BUF_ERROR` for a stream that ends in the middle. */
export function decompress(
  chunks: AsyncIterable<Uint8Array>,
  compression: Compression,
): AsyncIterable<Uint8Array> {
  if (compression === 'gzip') return inflate(chunks, () => createGunzip(SIZES))
  if (compression === 'zstd') return inflate(chunks, () => createZstdDecompress(SIZES))
  return chunks
}

/**
 * Node's zstd stream ends with the first frame and drops what follows, and zstd:chunked layers have a frame per
 * file. So what a codec leaves unread goes to a fresh one.
 */
async function* inflate(
  chunks: AsyncIterable<Uint8Array>,
  create: () => Gunzip | ZstdDecompress,
): AsyncGenerator<Uint8Array> {
  const input = chunks[Symbol.asyncIterator]()
  let next = await input.next()

  const feed = async (codec: Gunzip | ZstdDecompress) => {
    let given = 0
    let wake = () => {}
    codec.once('close', () => wake())
    try {
      while (!next.done) {
        const chunk = next.value
        given += chunk.length
        // A codec that is destroyed or fails may never call back.
        await new Promise<void>((resolve) => {
          wake = resolve
          codec.write(chunk, () => resolve())
        })
        if (codec.destroyed) return
        const unread = given - codec.bytesWritten
        if (unread > 0) {
          next = { value: chunk.subarray(chunk.length - unread) }
          return
        }
        next = await input.next()
      }
      codec.end()
    } catch (error) {
      codec.destroy(error as Error)
    }
  }

  while (!next.done) {
    const codec = create()
    const feeding = feed(codec)
    try {
      yield* codec
    } finally {
      await feeding
    }
  }
}
