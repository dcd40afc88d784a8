import { hashedFile, readLayer } from './blob.ts'
import type { ByteRange } from './elf.ts'
import { ImageArchiveError, type ImageArchiveErrorCode } from './errors.ts'
import type { LayerFacts } from './layer.ts'

export interface LayerFile {
  path: string
  /** Where it lies in a file that has more, such as an archive: in bytes, `end` behind the last one. */
  range?: ByteRange
  digest: string
  /** In their order, see sortNeedles. */
  needles: readonly string[]
}

/** Plain, so that it can come from a thread. */
export type Answer = { facts: LayerFacts } | { code: ImageArchiveErrorCode; message: string }

/** Analyses a layer on disk. The answer says why it cannot be read; throws the file system's own errors. */
export async function readLayerFile({ path, range, digest, needles }: LayerFile): Promise<Answer> {
  using blob = hashedFile(path, range)
  try {
    const read = await readLayer(blob, digest, needles)
    return read instanceof ImageArchiveError ? { code: read.code, message: read.message } : { facts: read }
  } catch (error) {
    if (!(error instanceof ImageArchiveError)) throw error
    return { code: error.code, message: error.message }
  }
}
