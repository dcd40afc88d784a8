import { createHash, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompress } from 'node:zlib'

/** Remembers what was found in a layer or in a whole image: plain JSON. */
export interface Cache {
  get(key: string): Promise<unknown>
  set(key: string, value: unknown): Promise<void>
}

/** What is found depends on what was looked for. The needles may be secrets, so only their hash is in the key. */
export function cacheKey(kind: 'layer' | 'image', digest: string, needles: readonly string[]): string {
  const hash = createHash('sha256')
  for (const needle of needles) hash.update(`${Buffer.byteLength(needle)}:`).update(needle)
  return `${kind}-${digest.replace(':', '-')}-${hash.digest('hex').slice(0, 16)}`
}

/** Milliseconds after which what was neither read nor written is forgotten: that of code or images no longer in use. */
const KEPT = 14 * 24 * 3600 * 1000

/**
 * A cache in a directory, which it creates: a file for each key, written whole or not at all, so that processes may
 * share it. What other code than that of this package has found counts as absent, as does a corrupt file. Throws the
 * file system's own errors, as for a directory that cannot be written.
 */
export function fileCache(directory: string): Cache {
  const fileOf = (key: string) => join(directory, `${key}-${codeVersion()}`)
  let swept: Promise<void> | undefined
  return {
    async get(key) {
      try {
        const text = await decompress(await readFile(fileOf(key)))
        const found = JSON.parse(text.toString())
        return found.key === key ? found.value : undefined
      } catch (error) {
        const { code = '' } = error as NodeJS.ErrnoException
        if (error instanceof SyntaxError || code === 'ENOENT' || /^(?:Z|ERR_)/.test(code)) return undefined
        throw error
      }
    },
    async set(key, value) {
      await mkdir(directory, { recursive: true })
      swept ??= sweep(directory)
      await swept
      const partial = join(directory, `${randomUUID()}.partial`)
      try {
        await writeFile(partial, await compress(JSON.stringify({ key, value }), CHECKED))
        await rename(partial, fileOf(key))
      } catch (error) {
        await rm(partial, { force: true })
        throw error
      }
    },
  }
}

const CHECKED = { params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 } }
const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** Removes what has not been used for long. Other processes may be at it as well. */
async function sweep(directory: string): Promise<void> {
  const oldest = Date.now() - KEPT
  for (const name of await readdir(directory)) {
    const path = join(directory, name)
    const found = await stat(path).catch(() => undefined)
    if (found?.isFile() && Math.max(found.atimeMs, found.mtimeMs) < oldest) await rm(path).catch(() => {})
  }
}

let version: string | undefined

/** A hash of this package's sources: a change of them may find more, or find it elsewhere. */
function codeVersion(): string {
  if (version) return version
  const hash = createHash('sha256')
  for (const name of readdirSync(import.meta.dirname).sort())
    if (!name.endsWith('.test.ts')) hash.update(readFileSync(join(import.meta.dirname, name)))
  version = hash.digest('hex').slice(0, 16)
  return version
}
