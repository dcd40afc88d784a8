import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { posix } from 'node:path'
import { createGzip } from 'node:zlib'
import { collectors, type FileFacts, TEXT_LIMIT } from './collectors.ts'
import { type Compression, decompress, sniffCompression } from './decompress.ts'
import type { ImageArchiveErrorCode } from './errors.ts'
import { scanFor } from './needles.ts'
import { type ProgramScan, scanProgram } from './programs.ts'
import { readTar, type TarEntry, TarError, type TarHeader } from './tar.ts'

/**
 * `link` is a hard link. `whiteout` deletes its path from the layers below, `opaque` all that they have in the
 * directory of its path (https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts).
 */
export type EntryType = 'file' | 'directory' | 'symlink' | 'link' | 'device' | 'fifo' | 'whiteout' | 'opaque'

/**
 * One entry of a layer: the path is absolute and normal (`/usr/bin/x`), the mode is the lower 12 bits, so with
 * setuid, setgid and sticky, the size is in bytes and 0 for anything but a file. The target is as written for a
 * symlink, an absolute path for a hard link, empty for the others.
 */
export type EntryRow = [
  path: string,
  type: EntryType,
  mode: number,
  uid: number,
  gid: number,
  size: number,
  target: string,
]

/** What streaming one layer by tells. Plain JSON, so that a cache can hold it. */
export interface LayerFacts {
  /** Of the blob. For a plain layer the same as `diffId`. */
  digest: string
  /** Of the layer's tar. */
  diffId: string
  compression: Compression
  /**
   * Bytes of the blob as a registry holds it. An engine compresses a plain layer when it pushes: for one this is
   * what gzip level 6 makes of it, and `compressedIsEstimate` is true.
   */
  compressedBytes: number
  compressedIsEstimate: boolean
  /** Sum of the sizes of the regular files, each hard-linked one once: what the disk holds. */
  unpackedBytes: number
  entries: EntryRow[]
  /** What the files read by a collector, and programs, say, by path. */
  texts: Record<string, FileFacts>
  /** Files that a collector should have read, but that were too large. */
  unread: string[]
  /** The needles found, as indexes into the sorted list of needles, and the file with each. */
  found: [needle: number, path: string][]
}

export type LayerContents = Pick<
  LayerFacts,
  'compression' | 'unpackedBytes' | 'entries' | 'texts' | 'unread' | 'found'
> & {
  /** Absent for a plain layer: the diffID is the digest of the blob then. */
  diffId?: string
  /** For a plain layer: the bytes that gzip level 6 makes of it. */
  gzippedBytes?: number
}

/** A layer whose bytes cannot be read as one. The message is the reason, to be put after the layer's name. */
export class LayerDefect extends Error {
  readonly code: ImageArchiveErrorCode

  constructor(code: ImageArchiveErrorCode, reason: string, cause?: unknown) {
    super(reason, { cause })
    this.code = code
  }
}

/**
 * Analyses a layer while it streams by; of its files one at a time is in memory, up to 16 MiB.
 * `head` is its first bytes, which `chunks` repeats. Throws a {@link LayerDefect} for a layer that is cut short,
 * corrupt or no tar; errors of `chunks` pass through. Once it has settled, nothing reads from `chunks` any more.
 */
export async function analyseLayer(
  head: Uint8Array,
  chunks: AsyncIterable<Uint8Array>,
  needles: readonly Buffer[],
): Promise<LayerContents> {
  const compression = sniffCompression(head)
  const collection = collectEntries(needles)
  const plain = decompress(chunks, compression)
  try {
    if (compression === 'none') {
      using gzip = gzippedSize()
      await readTar(tee(plain, gzip.push), collection.visit)
      return { ...collection.contents(), compression, gzippedBytes: await gzip.total() }
    }
    const hash = createHash('sha256')
    await readTar(
      tee(plain, (chunk) => void hash.update(chunk)),
      collection.visit,
    )
    return { ...collection.contents(), compression, diffId: `sha256:${hash.digest('hex')}` }
  } catch (error) {
    throw toDefect(error, compression)
  }
}

function collectEntries(needles: readonly Buffer[]) {
  const entries: EntryRow[] = []
  const texts: Record<string, FileFacts> = {}
  const linkedTexts: Record<string, FileFacts> = {}
  const unread: string[] = []
  const found: [number, string][] = []

  const visit = (entry: TarEntry): Promise<void> | undefined => {
    const row = toRow(entry.header)
    if (!row) {
      entry.resume()
      return
    }
    entries.push(row)
    const [path, type, mode, , , size, target] = row
    if (type === 'link') {
      const text = texts[target] ?? linkedTexts[target]
      if (text && collectors.some((collector) => collector.path.test(path))) texts[path] = text
    }
    const collector =
      type === 'file' ? collectors.find((each) => each.path.test(path) || each.linked?.test(path)) : undefined
    const program =
      type === 'file' && !collector && (mode & 0o111) !== 0 && size > 0 ? scanProgram(size) : undefined
    if (!collector && !program && needles.length === 0) {
      entry.resume()
      return
    }
    return readBody(entry, row, collector, program)
  }

  const readBody = async (
    entry: TarEntry,
    [path, , , , , size, target]: EntryRow,
    collector: (typeof collectors)[number] | undefined,
    program: ProgramScan | undefined,
  ) => {
    const scan = needles.length > 0 ? scanFor(needles) : undefined
    const kept: Buffer[] = []
    for await (const chunk of entry) {
      scan?.push(chunk)
      program?.push(chunk)
      if (collector && size <= TEXT_LIMIT) kept.push(chunk)
    }
    if (collector) {
      const asked = collector.path.test(path)
      if (size > TEXT_LIMIT) {
        if (asked) unread.push(path)
      } else {
        const into = asked ? texts : linkedTexts
        into[path] = collector.read(Buffer.concat(kept).toString())
      }
    }
    const facts = program?.facts()
    if (facts) texts[path] = facts
    if (!scan) return
    const named = Buffer.from(`${path}\n${target}`)
    needles.forEach((needle, index) => {
      if (scan.found.has(index) || named.includes(needle)) found.push([index, path])
    })
  }

  const contents = () => {
    const files = new Map(entries.map(([path, , , , , size]) => [path, size]))
    const unpackedBytes = [...files.values()].reduce((sum, size) => sum + size, 0)
    return { unpackedBytes, entries, texts, unread, found }
  }

  return { visit, contents }
}

const WHITEOUT = '.wh.'
const OPAQUE = '.wh..wh..opq'

function toRow(header: TarHeader): EntryRow | undefined {
  const path = posix.resolve('/', header.name)
  const parent = posix.dirname(path)
  const name = posix.basename(path)
  if (name === OPAQUE) return [parent, 'opaque', 0, 0, 0, 0, '']
  // The rest of AUFS's own metadata, which engines skip too.
  if (path.includes(`/${WHITEOUT}${WHITEOUT}`)) return undefined
  if (name.startsWith(WHITEOUT))
    return [posix.join(parent, name.slice(WHITEOUT.length)), 'whiteout', 0, 0, 0, 0, '']

  const type = entryType(header.type)
  const size = type === 'file' ? (header.size ?? 0) : 0
  const uid = Number(header.pax?.uid ?? header.uid)
  const gid = Number(header.pax?.gid ?? header.gid)
  const link = header.linkname ?? ''
  const target = type === 'link' ? posix.resolve('/', link) : type === 'symlink' ? link : ''
  return [path, type, (header.mode ?? 0) & 0o7777, uid, gid, size, target]
}

function entryType(type: TarHeader['type']): EntryType {
  switch (type) {
    case 'directory':
    case 'symlink':
    case 'link':
    case 'fifo':
      return type
    case 'character-device':
    case 'block-device':
      return 'device'
    default:
      return 'file'
  }
}

/** Passes chunks on, each after `push` has taken it. */
async function* tee(chunks: AsyncIterable<Uint8Array>, push: (chunk: Uint8Array) => Promise<void> | void) {
  for await (const chunk of chunks) {
    const pushed = push(chunk)
    if (pushed) await pushed
    yield chunk
  }
}

function gzippedSize() {
  const gzip = createGzip({ level: 6 })
  let bytes = 0
  gzip.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  return {
    async push(chunk: Uint8Array) {
      if (!gzip.write(chunk)) await once(gzip, 'drain')
    },
    async total() {
      const end = once(gzip, 'end')
      gzip.end()
      await end
      return bytes
    },
    [Symbol.dispose]() {
      gzip.destroy()
    },
  }
}

function toDefect(error: unknown, compression: Compression): unknown {
  if (error instanceof TarError)
    return error.cut
      ? new LayerDefect('LAYER_CUT_SHORT', 'its tar ends in the middle', error)
      : new LayerDefect('LAYER_NOT_TAR', `what it holds is not a tar (${error.message})`, error)
  const { code = '', message } = error as NodeJS.ErrnoException
  if (code === 'Z_BUF_ERROR')
    return new LayerDefect('LAYER_CUT_SHORT', `its ${compression} data ends in the middle`, error)
  if (/^Z(STD)?_/i.test(code))
    return new LayerDefect('LAYER_CORRUPT', `its ${compression} data is corrupt (${message})`, error)
  return error
}
