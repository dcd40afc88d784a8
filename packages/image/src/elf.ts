const MAGIC = Buffer.from('\x7fELF', 'latin1')
const LOAD = 1
const EXECUTE = 1
const WRITE = 2

export interface ByteRange {
  start: number
  /** Behind the last byte. */
  end: number
}

/**
 * From the first to the last byte of the data segments, the writable ones, by the headers in a file's first bytes.
 * Undefined when there are none, and for what is no ELF file (elf(5)).
 */
export function dataSegments(head: Buffer): ByteRange | undefined {
  return readElf(head, ({ half, int, word, wordSize }) => {
    const table = word(24 + wordSize)
    const entrySize = half(30 + 3 * wordSize)
    const ranges = Array.from({ length: half(32 + 3 * wordSize) }, (_, index) => {
      const at = table + index * entrySize
      const flags = int(at + (wordSize === 8 ? 4 : 24))
      const start = word(at + wordSize)
      const isData = int(at) === LOAD && (flags & (WRITE | EXECUTE)) === WRITE
      return isData ? [{ start, end: start + word(at + 4 * wordSize) }] : []
    }).flat()
    if (ranges.length === 0) return undefined
    return {
      start: Math.min(...ranges.map(({ start }) => start)),
      end: Math.max(...ranges.map(({ end }) => end)),
    }
  })
}

/** The bytes of a whole ELF file's section. Undefined when it has no such section, and for what is no ELF file. */
export function elfSection(file: Buffer, name: string): Buffer | undefined {
  return readElf(file, ({ half, int, word, wordSize }) => {
    const table = word(24 + 2 * wordSize)
    const entrySize = half(34 + 3 * wordSize)
    const header = (index: number) => table + index * entrySize
    const body = (at: number) => {
      const start = word(at + 8 + 2 * wordSize)
      return file.subarray(start, start + word(at + 8 + 3 * wordSize))
    }
    const names = body(header(half(38 + 3 * wordSize)))
    const wanted = Buffer.from(`${name}\0`)
    for (let index = 0; index < half(36 + 3 * wordSize); index++) {
      const at = header(index)
      const nameAt = int(at)
      if (names.subarray(nameAt, nameAt + wanted.length).equals(wanted)) return body(at)
    }
    return undefined
  })
}

interface Numbers {
  half: (at: number) => number
  int: (at: number) => number
  /** An address, offset or size: as wide as the file's class says. */
  word: (at: number) => number
  wordSize: 4 | 8
}

/** Gives `read` the file's numbers in its own width and byte order. Undefined where a header leads out of the bytes. */
function readElf<T>(file: Buffer, read: (numbers: Numbers) => T): T | undefined {
  if (!file.subarray(0, MAGIC.length).equals(MAGIC)) return undefined
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  const little = file[5] === 1
  const half = (at: number) => view.getUint16(at, little)
  const int = (at: number) => view.getUint32(at, little)
  const long = (at: number) => Number(view.getBigUint64(at, little))
  try {
    return read(
      file[4] === 2 ? { half, int, word: long, wordSize: 8 } : { half, int, word: int, wordSize: 4 },
    )
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
