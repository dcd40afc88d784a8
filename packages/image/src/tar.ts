import { extract, type Header } from 'tar-stream'

export type TarHeader = Omit<Header, 'pax'> & {
  pax: Record<string, string> | null
  /** Where in the tar the body starts. */
  byteOffset: number
}

export interface TarEntry extends AsyncIterable<Buffer> {
  header: TarHeader
  resume(): unknown
}

/** A header without a `ustar` magic is as old as tar and still valid; the types of tar-stream lack the option. */
const OPTIONS = { allowUnknownFormat: true } as object

/** Bytes that are not a tar, or a tar that ends in the middle (`cut`). */
export class TarError extends Error {
  readonly cut: boolean

  constructor(cause: Error) {
    super(cause.message, { cause })
    this.cut = cause.message === 'Unexpected end of data'
  }
}

/**
 * Shows each entry of a tar to `visit`, in order. The visitor must read the entry to its end or `resume()` it.
 * Throws a {@link TarError} for a broken tar; errors of `chunks` and of `visit` pass through unchanged. Once it
 * has settled, nothing reads from `chunks` any more; `stop` is called when the reading failed, to end a source that
 * may wait for long.
 */
export async function readTar(
  chunks: AsyncIterable<Uint8Array>,
  visit: (entry: TarEntry) => Promise<void> | undefined,
  stop = () => {},
): Promise<void> {
  const tar = extract(OPTIONS)
  let over = false
  let broken: Error | undefined
  let lost: { error: unknown } | undefined
  let wake = () => {}
  tar.on('error', (error: Error) => {
    broken = error
  })
  tar.on('drain', () => wake())
  tar.on('close', () => {
    over = true
    wake()
  })

  const feed = async () => {
    try {
      for await (const chunk of chunks) {
        if (over) return
        const drained = new Promise<void>((resolve) => {
          wake = resolve
        })
        if (!tar.write(chunk)) await drained
        if (over) return
      }
      tar.end(null)
    } catch (error) {
      if (!over) lost = { error }
      tar.destroy(error as Error)
    }
  }

  const feeding = feed()
  try {
    for await (const entry of tar as AsyncIterable<unknown> as AsyncIterable<TarEntry>) {
      const visited = visit(entry)
      if (visited) await visited
    }
  } catch (error) {
    over = true
    tar.destroy(null)
    stop()
    wake()
    await feeding
    if (lost) throw lost.error
    throw broken ? new TarError(broken) : error
  }
  await feeding
}

/** Whether 512 bytes could open a tar: a header with a right checksum, or the zeros that end an empty one. */
export function isTarHeader(block: Uint8Array): boolean {
  if (block.length < 512) return false
  let sum = 0
  for (let i = 0; i < 512; i++) sum += i >= 148 && i < 156 ? 32 : (block[i] as number)
  if (sum === 8 * 32) return block.subarray(148, 156).every((byte) => byte === 0)
  return sum === Number.parseInt(Buffer.from(block.subarray(148, 156)).toString('latin1'), 8)
}
