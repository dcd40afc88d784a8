/** Looks for byte strings in one file's bytes as they pass. A match may lie across chunks. */
export interface NeedleScan {
  push(chunk: Uint8Array): void
  /** Indexes of the needles seen so far. */
  readonly found: ReadonlySet<number>
}

export function scanFor(needles: readonly Buffer[]): NeedleScan {
  const overlap = Math.max(...needles.map((needle) => needle.length)) - 1
  const found = new Set<number>()
  let tail: Buffer = Buffer.alloc(0)
  return {
    found,
    push(bytes) {
      const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
      const seam = Buffer.concat([tail, chunk.subarray(0, overlap)])
      needles.forEach((needle, index) => {
        if (!found.has(index) && (seam.includes(needle) || chunk.includes(needle))) found.add(index)
      })
      const rest = chunk.length < overlap ? Buffer.concat([tail, chunk]) : chunk
      tail = rest.subarray(Math.max(0, rest.length - overlap))
    },
  }
}
