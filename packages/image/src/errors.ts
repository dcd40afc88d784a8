/** What can be wrong with an image archive. Stable: tests, docs and callers may rely on a code. */
export type ImageArchiveErrorCode =
  | 'ARCHIVE_CUT_SHORT'
  | 'ARCHIVE_NOT_TAR'
  | 'ARCHIVE_STREAM_FAILED'
  | 'NO_MANIFEST'
  | 'MANIFEST_MISSING'
  | 'CONFIG_MISSING'
  | 'LAYER_MISSING'
  | 'DOCUMENT_INVALID'
  | 'DOCUMENT_TOO_LARGE'
  | 'DIGEST_MISMATCH'
  | 'DIFF_ID_MISMATCH'
  | 'LAYER_CORRUPT'
  | 'LAYER_CUT_SHORT'
  | 'LAYER_NOT_TAR'
  | 'PLATFORM_MISSING'
  | 'PLATFORM_AMBIGUOUS'

/** An image archive that cannot be read. The message says what happened, then what to do next. */
export class ImageArchiveError extends Error {
  override readonly name = 'ImageArchiveError'
  readonly code: ImageArchiveErrorCode

  constructor(code: ImageArchiveErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
