import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { decompress, sniffCompression } from './decompress.ts'
import { readTar } from './tar.ts'

/** What is in a layer at a path, beyond what an entry of it says. */
export interface FileState {
  /** Of its bytes; of no bytes for what is no file. */
  sha256: string
  /** Milliseconds since 1970. */
  modified: number
}

/**
 * Hashes each file of a layer, for a comparison with another build of it.
 * @param chunks the layer's blob, compressed or not
 */
export async function listFiles(chunks: AsyncIterable<Uint8Array>): Promise<Map<string, FileState>> {
  const source = chunks[Symbol.asyncIterator]()
  const first = await source.next()
  const head: Uint8Array = first.done ? new Uint8Array() : first.value
  async function* whole() {
    yield head
    yield* { [Symbol.asyncIterator]: () => source }
  }
  const files = new Map<string, FileState>()
  await readTar(decompress(whole(), sniffCompression(head)), async (entry) => {
    const hash = createHash('sha256')
    for await (const chunk of entry) hash.update(chunk)
    const { name, mtime } = entry.header
    files.set(posix.resolve('/', name), { sha256: hash.digest('hex'), modified: mtime?.getTime() ?? 0 })
  })
  return files
}
