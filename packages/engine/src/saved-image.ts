import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileCache, type Image, readImageFile, storeReader } from '@stagecraft/image'
import { cacheDirectory } from './image-cache.ts'

/**
 * Reads an image on disk: an OCI layout, as a folder or in a tar, or what `docker save` writes.
 * @param path absolute
 * @param platform the one of several, as `linux/arm64`
 * @throws ImageArchiveError when it is none or is damaged; Error when a layout has several images; the signal's reason
 */
export async function readSavedImage(
  path: string,
  { platform, signal }: { platform?: string | undefined; signal?: AbortSignal } = {},
): Promise<Image> {
  const directory = await cacheDirectory()
  const options = { ...(directory && { cache: fileCache(directory) }) }
  if (!(await stat(path)).isDirectory())
    return readImageFile(path, { ...options, ...(platform && { platform }), signal })
  const text = await readFile(join(path, 'index.json'), 'utf8').catch(() => '{}')
  const { manifests = [] } = JSON.parse(text) as { manifests?: { digest: string }[] }
  const [only, ...others] = manifests
  if (!only || others.length > 0)
    throw new Error(
      only
        ? `${path} has ${manifests.length} images. Copy the one that you mean into a layout of its own.`
        : `${path} is no OCI layout: its index.json names no image.`,
    )
  return storeReader(path, options)(only.digest, { platform, signal })
}
