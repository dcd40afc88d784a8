/** Builds ELF files, for the tests: the fields of each header in the order of elf(5). */

export interface TestElf {
  /** Read-only data, which no scan may look at. */
  readOnly?: Buffer
  /** What the writable segment holds. */
  data?: Buffer
  sections?: Record<string, Buffer>
  bits?: 32 | 64
  order?: 'little' | 'big'
}

export function elfOf({ readOnly, data, sections = {}, bits = 64, order = 'little' }: TestElf = {}): Buffer {
  const { half, int, word } = numbers(bits, order)
  const [fileHeader, segmentHeader, sectionHeader] = bits === 64 ? [64, 56, 64] : [52, 32, 40]
  const named = ['', ...Object.keys(sections), '.shstrtab']
  const names = Buffer.from(named.map((name) => `${name}\0`).join(''))
  const bodies = [readOnly, data, ...Object.values(sections), names].map((body = Buffer.alloc(0)) =>
    Buffer.concat([body, Buffer.alloc(-body.length & 15)]),
  )
  const starts = bodies.map((_, index) =>
    bodies.slice(0, index).reduce((sum, body) => sum + body.length, align(fileHeader + 2 * segmentHeader)),
  )
  const extent = (index: number) => [starts[index] ?? 0, bodies[index]?.length ?? 0] as const
  const end = starts.at(-1) as number

  const segment = (index: number, flags: number) => {
    const [start, size] = extent(index)
    const place = [word(start), word(start), word(start), word(size), word(size)]
    return bits === 64 ? [int(1), int(flags), ...place, word(16)] : [int(1), ...place, int(flags), word(16)]
  }
  const section = (name: string, index: number) => {
    const [start, size] = index === 0 ? [0, 0] : extent(index + 1)
    const nameAt = names.indexOf(`${name}\0`)
    return [int(nameAt), int(1), word(0), word(0), word(start), word(size), int(0), int(0), word(1), word(0)]
  }
  const header = [
    Buffer.from([
      0x7f,
      0x45,
      0x4c,
      0x46,
      bits / 32,
      order === 'little' ? 1 : 2,
      1,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
    ]),
    ...[half(2), half(0), int(1), word(0)],
    ...[word(fileHeader), word(align(end + names.length)), int(0), half(fileHeader)],
    ...[half(segmentHeader), half(2), half(sectionHeader), half(named.length), half(named.length - 1)],
    ...segment(0, 4),
    ...segment(1, 6),
  ]
  const padding = Buffer.alloc(-Buffer.concat(header).length & 15)
  return Buffer.concat([...header, padding, ...bodies, ...named.flatMap(section)])
}

function numbers(bits: 32 | 64, order: 'little' | 'big') {
  const number = (bytes: number) => (value: number) => {
    const buffer = Buffer.alloc(bytes)
    if (order === 'little') buffer.writeUIntLE(value, 0, Math.min(bytes, 6))
    else buffer.writeUIntBE(value, Math.max(0, bytes - 6), Math.min(bytes, 6))
    return buffer
  }
  return { half: number(2), int: number(4), word: number(bits / 8) }
}

function align(offset: number): number {
  return Math.ceil(offset / 16) * 16
}
