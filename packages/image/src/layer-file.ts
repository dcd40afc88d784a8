import { hashedFile, readLayer } from './blob.ts'
import { ImageArchiveError, type ImageArchiveErrorCode } from './errors.ts'
import type { LayerFacts } from './layer.ts'

export interface LayerFile {
  path: string
  digest: string
  /** In their order, see sortNeedles. */
  needles: readonly string[]
}

/** Plain, so that it can come from a thread. */
export type Answer = { facts: LayerFacts } | { code: ImageArchiveErrorCode; message: string }

/** Analyses the layer in a file. The answer says why it cannot be read; throws the file system's own errors. */
export async function readLayerFile({ path, digest, needles }: LayerFile): Promise<Answer> {
  using blob = hashedFile(path)
  try {
    const read = await readLayer(blob, digest, needles)
    return read instanceof ImageArchiveError ? { code: read.code, message: read.message } : { facts: read }
  } catch (error) {
    if (!(error instanceof ImageArchiveError)) throw error
    return { code: error.code, message: error.message }
  }
}
