import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Image } from '@stagecraft/image'

/** Remembers analyses by manifest digest: exporting an image takes an engine longer than reading the archive takes. */
export interface ImageCache {
  get(manifestDigest: string): Promise<Image | undefined>
  set(manifestDigest: string, image: Image): Promise<void>
}

/** A cache in a directory, which it creates. What was remembered by other code, or with other needles, is not found. */
export async function fileImageCache(directory: string, needles: readonly string[]): Promise<ImageCache> {
  const hash = createHash('sha256').update(JSON.stringify(needles))
  const source = dirname(createRequire(import.meta.url).resolve('@stagecraft/image'))
  for (const file of (await readdir(source)).sort())
    if (!file.endsWith('.test.ts')) hash.update(await readFile(join(source, file)))
  const version = hash.digest('hex').slice(0, 16)
  const fileOf = (digest: string) => join(directory, `image-${digest.replace(':', '-')}-${version}.json`)

  return {
    async get(digest) {
      const text = await readFile(fileOf(digest), 'utf8').catch((error) => {
        if (error.code === 'ENOENT') return undefined
        throw error
      })
      return text === undefined ? undefined : JSON.parse(text)
    },
    async set(digest, image) {
      await mkdir(directory, { recursive: true })
      const partial = join(directory, `${randomUUID()}.partial`)
      await writeFile(partial, JSON.stringify(image))
      await rename(partial, fileOf(digest))
    },
  }
}
