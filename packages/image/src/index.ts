export { type Cache, cacheKey, fileCache } from './cache.ts'
export type { FileFacts, User } from './collectors.ts'
export { type Contents, contents } from './contents.ts'
export type { Compression } from './decompress.ts'
export type { Healthcheck, HistoryEntry, ImageConfig } from './documents.ts'
export { ImageArchiveError, type ImageArchiveErrorCode } from './errors.ts'
export {
  type Image,
  type Layer,
  type LayerEntry,
  type ReadOptions,
  readImage,
  readImageFile,
  readImages,
} from './image.ts'
export type { EntryRow, EntryType, LayerFacts } from './layer.ts'
export { type FileState, listFiles } from './list-files.ts'
export type { Package } from './packages.ts'
export { type StoreReader, storeReader } from './store.ts'
export { type Buried, finalFiles } from './tree.ts'
