import { randomUUID } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Writes a file whole or not at all: an interrupted run leaves the old one, and of two at a time each writes its own. Its
 * folder need not be there.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const part = `${path}.${randomUUID().slice(0, 8)}.part`
  await writeFile(part, text)
  await rename(part, path)
}
