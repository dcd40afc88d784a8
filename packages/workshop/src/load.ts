import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { WorkshopError } from './errors.ts'
import { type Lang, langs } from './lang.ts'
import type { Exercise } from './model.ts'
import { parseText, type Text } from './text.ts'

/** An exercise with its texts. */
export interface Loaded {
  exercise: Exercise
  folder: string
  text: Record<Lang, Text>
}

/** A schedule for a room. */
export interface Track {
  id: string
  title: Record<Lang, string>
  /** How long the room has, in minutes. */
  room: number
  /** An exercise by its slug, or a part of so many minutes: an introduction, a break. */
  parts: ({ exercise: string } | { minutes: number; title: Record<Lang, string> })[]
}

export interface Term {
  en: string
  es: string
  /** What it means, a sentence. */
  means: Record<Lang, string>
}

/** The slugs of the exercises: the folders with an `exercise.yaml`. */
export async function listSlugs(root: string): Promise<string[]> {
  const entries = await readdir(join(root, 'workshop'), { withFileTypes: true })
  const names = entries.filter((each) => each.isDirectory()).map(({ name }) => name)
  const found = await Promise.all(
    names.map(async (name) => (await readdir(join(root, 'workshop', name))).includes('exercise.yaml')),
  )
  return names.filter((_, index) => found[index]).sort()
}

/** @throws WorkshopError for a file that is missing or cannot be read; what it says is held by {@link lint} */
export async function loadExercise(root: string, slug: string): Promise<Loaded> {
  const folder = join(root, 'workshop', slug)
  const exercise = (await readYaml(join(folder, 'exercise.yaml'))) as Exercise
  const texts = await Promise.all(
    langs.map(async (lang) => [lang, parseText(await readText(join(folder, `${lang}.md`)))] as const),
  )
  return { exercise, folder, text: Object.fromEntries(texts) as Record<Lang, Text> }
}

export async function loadExercises(root: string): Promise<Loaded[]> {
  return Promise.all((await listSlugs(root)).map((slug) => loadExercise(root, slug)))
}

export async function loadTracks(root: string): Promise<Track[]> {
  return (await readYaml(join(root, 'workshop/tracks.yaml'))) as Track[]
}

export async function loadGlossary(root: string): Promise<Term[]> {
  return (await readYaml(join(root, 'workshop/glossary.yaml'))) as Term[]
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error) => {
    throw new WorkshopError(
      'broken-exercise',
      `${file} cannot be read: ${error.code}.`,
      'Run: pnpm workshop lint',
    )
  })
}

async function readYaml(file: string): Promise<unknown> {
  const text = await readText(file)
  try {
    return parse(text)
  } catch (error) {
    const [first = ''] = (error as Error).message.split('\n')
    throw new WorkshopError('broken-exercise', `${file} is no YAML: ${first}`, 'Mend the file.')
  }
}
