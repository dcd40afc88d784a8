import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { WorkshopError } from './errors.ts'
import { type Lang, langs } from './lang.ts'
import { type Loaded, listSlugs, loadExercise, loadExercises } from './load.ts'
import { listProgress, type Progress, readProgress } from './progress.ts'

export const root = join(import.meta.dirname, '../../..')

/** Where the command was typed: scripts run at the top of the repository. */
export const here = (): string => process.env.INIT_CWD ?? process.cwd()

export interface Common {
  lang?: string
  json?: true
}

/** @throws WorkshopError for a language that there is not */
export function langOf({ lang }: Common): Lang {
  if (lang !== undefined) {
    const found = langs.find((each) => each === lang)
    if (!found)
      throw new WorkshopError('usage', `There is no language "${lang}".`, `There are: ${langs.join(', ')}.`)
    return found
  }
  const { LC_ALL, LC_MESSAGES, LANG } = process.env
  return (LC_ALL || LC_MESSAGES || LANG || '').startsWith('es') ? 'es' : 'en'
}

/** @throws WorkshopError for an exercise that there is not */
export async function openExercise(slug: string): Promise<Loaded> {
  const slugs = await listSlugs(root)
  if (slugs.includes(slug)) return loadExercise(root, slug)
  const renamed = (await loadExercises(root)).find(({ exercise }) => exercise.was?.includes(slug))
  if (renamed) return renamed
  throw new WorkshopError('unknown', `There is no exercise "${slug}".`, `There are: ${slugs.join(', ')}.`)
}

/** The exercise that is named, else the one whose folder the command was typed in, else the last one. */
export async function current(slug: string | undefined): Promise<{ loaded: Loaded; progress: Progress }> {
  if (slug !== undefined) {
    const loaded = await openExercise(slug)
    const progress = await readProgress(loaded.exercise)
    if (!progress) throw notStarted(slug)
    return { loaded, progress: there(progress) }
  }
  const all = await loadExercises(root)
  const known = await listProgress(all.map(({ exercise }) => exercise))
  const inside = known.find(({ folder }) => !relative(folder, here()).startsWith('..'))
  const progress = inside ?? known[0]
  const loaded = all.find(({ exercise }) => exercise.slug === progress?.slug)
  if (!progress || !loaded) throw notStarted()
  return { loaded, progress: there(progress) }
}

function there(progress: Progress): Progress {
  if (existsSync(progress.folder)) return progress
  throw new WorkshopError(
    'not-started',
    `The folder ${progress.folder} is not there any more.`,
    `Hand it out again: pnpm workshop start ${progress.slug}`,
  )
}

function notStarted(slug = 'first-image'): WorkshopError {
  return new WorkshopError(
    'not-started',
    'No exercise has been started.',
    `Start one: pnpm workshop start ${slug}`,
  )
}
