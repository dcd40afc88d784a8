import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '@stagecraft/engine/replace-file'
import type { Loaded } from './load.ts'
import { cacheFolder } from './places.ts'

/** How many verdicts and figures of an exercise are kept: those of its tests, and some of a learner. */
const kept = 80

const fileOf = (slug: string) => join(cacheFolder(), `verdicts-${slug}.json`)

/** By what a verdict, or a figure, is remembered: the exercise, this package, and what is given. */
export async function verdictKey({ folder }: Loaded, parts: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(parts))
  hash.update(await readFile(join(folder, 'exercise.yaml')))
  for (const source of [import.meta.dirname, join(import.meta.dirname, 'facts')])
    for (const name of (await readdir(source)).sort())
      if (name.endsWith('.ts')) hash.update(await readFile(join(source, name)))
  return hash.digest('hex')
}

export async function recall<T>(slug: string, key: string): Promise<T | undefined> {
  return (await readAll(slug))[key] as T | undefined
}

export async function remember(slug: string, key: string, value: unknown): Promise<void> {
  const { [key]: _, ...others } = await readAll(slug)
  const all = Object.entries({ ...others, [key]: value }).slice(-kept)
  await replaceFile(fileOf(slug), JSON.stringify(Object.fromEntries(all)))
}

async function readAll(slug: string): Promise<Record<string, unknown>> {
  try {
    return JSON.parse(await readFile(fileOf(slug), 'utf8'))
  } catch {
    return {}
  }
}
