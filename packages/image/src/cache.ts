import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LayerFacts } from './layer.ts'

/** Remembers analysed layers, so that a layer shared by many images is unpacked once. */
export interface LayerCache {
  get(key: string): Promise<LayerFacts | undefined>
  set(key: string, facts: LayerFacts): Promise<void>
}

/** Goes up whenever the shape of `LayerFacts`, or what an analysis finds, changes. */
const FORMAT = 3

/** The facts depend on what was looked for; the needles may be secrets, so only their hash is in the key. */
export function layerKey(digest: string, needles: readonly Buffer[]): string {
  if (needles.length === 0) return digest
  const hash = createHash('sha256')
  for (const needle of needles) hash.update(`${needle.length}:`).update(needle)
  return `${digest}+${hash.digest('hex').slice(0, 16)}`
}

/**
 * A cache in a directory, which it creates: one JSON file for each layer, written whole or not at all, so that
 * processes may share it. A file that is corrupt or of another format counts as absent. Throws the file system's own
 * errors, as for a directory that cannot be written.
 */
export function fileLayerCache(directory: string): LayerCache {
  const fileOf = (key: string) => join(directory, `layer-v${FORMAT}-${key.replaceAll(':', '-')}.json`)
  return {
    async get(key) {
      try {
        const facts = JSON.parse(await readFile(fileOf(key), 'utf8'))
        return isLayerFacts(facts) && key.startsWith(facts.digest) ? facts : undefined
      } catch (error) {
        if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT')
          return undefined
        throw error
      }
    },
    async set(key, facts) {
      await mkdir(directory, { recursive: true })
      const partial = join(directory, `${randomUUID()}.partial`)
      try {
        await writeFile(partial, JSON.stringify(facts))
        await rename(partial, fileOf(key))
      } catch (error) {
        await rm(partial, { force: true })
        throw error
      }
    },
  }
}

function isLayerFacts(value: Partial<LayerFacts> | null): value is LayerFacts {
  return (
    typeof value?.digest === 'string' &&
    typeof value.diffId === 'string' &&
    typeof value.compressedBytes === 'number' &&
    typeof value.unpackedBytes === 'number' &&
    Array.isArray(value.entries) &&
    Array.isArray(value.unread) &&
    Array.isArray(value.found) &&
    typeof value.texts === 'object'
  )
}
