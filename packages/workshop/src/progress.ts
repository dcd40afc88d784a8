import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '@stagecraft/engine/replace-file'
import type { Exercise } from './model.ts'
import { stateFolder } from './places.ts'

/** How far someone is with an exercise: a file of the user's own for each, by the slug. */
export interface Progress {
  slug: string
  /** Of the exercise that was handed out. */
  version: number
  folder: string
  /** Checks that failed. */
  failed: number
  hints: number
  /** The ID of the last diagnosis. */
  last?: string
  passed?: string
  /** By question: what was predicted, and what the engine said. */
  predicted: Record<string, { answer: unknown; settled?: unknown; right?: boolean }>
  /** The figure that the exercise is about, at the start and when it passed. */
  before?: number | string
  after?: number | string
  /** When it was last worked on. */
  at: string
}

const fileOf = (slug: string) => join(stateFolder(), `${slug}.json`)

async function read(slug: string): Promise<Progress | undefined> {
  try {
    return JSON.parse(await readFile(fileOf(slug), 'utf8'))
  } catch {
    return undefined
  }
}

/** Also that of an exercise that it replaces. */
export async function readProgress({ slug, was = [] }: Exercise): Promise<Progress | undefined> {
  for (const name of [slug, ...was]) {
    const found = await read(name)
    if (found) return { ...found, slug }
  }
  return undefined
}

/** Of every exercise that was started, the last one first. */
export async function listProgress(exercises: readonly Exercise[]): Promise<Progress[]> {
  const all = await Promise.all(exercises.map(readProgress))
  return all.filter((each) => each !== undefined).sort((a, b) => (a.at < b.at ? 1 : -1))
}

export async function writeProgress(progress: Progress): Promise<void> {
  const now = { ...progress, at: new Date().toISOString() }
  await replaceFile(fileOf(progress.slug), `${JSON.stringify(now, undefined, 2)}\n`)
}
