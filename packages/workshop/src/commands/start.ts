import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, rename } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { WorkshopError } from '../errors.ts'
import { type Loaded, loadExercises } from '../load.ts'
import { words } from '../messages/words.ts'
import { handOutFolder } from '../places.ts'
import { say, sayMarkdown, style } from '../print.ts'
import { listProgress, readProgress, writeProgress } from '../progress.ts'
import { type Common, current, here, langOf, openExercise, root } from '../session.ts'
import { orderOf } from './list.ts'

type StartOptions = Common & { into?: string }

/** Copies an exercise out. A folder with anything in it is left alone. */
export async function start(slug: string, options: StartOptions): Promise<void> {
  const loaded = await openExercise(slug)
  const folder = options.into
    ? isAbsolute(options.into)
      ? options.into
      : resolve(here(), options.into)
    : join(handOutFolder(), loaded.exercise.slug)
  if (existsSync(folder) && (await readdir(folder)).length > 0)
    throw new WorkshopError(
      'exists',
      `${folder} is there already, and not empty.`,
      `Go on with it (pnpm workshop check ${slug}), begin anew (pnpm workshop reset ${slug}), or name another: --into`,
    )
  await handOut(loaded, folder)
  tell(loaded, folder, options)
}

async function handOut({ exercise, folder: source }: Loaded, folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  await cp(join(source, 'start'), folder, { recursive: true, verbatimSymlinks: true })
  const { slug, version } = exercise
  const known = await readProgress(exercise)
  const at = new Date().toISOString()
  await writeProgress({
    failed: 0,
    hints: 0,
    predicted: {},
    ...(known?.passed && { passed: known.passed }),
    slug,
    version,
    folder,
    at,
  })
}

function tell({ exercise, text }: Loaded, folder: string, options: Common): void {
  const lang = langOf(options)
  const brief = text[lang].sections.get('brief')?.text ?? ''
  if (options.json) {
    say(JSON.stringify({ slug: exercise.slug, folder, title: text[lang].title, brief }, undefined, 2))
    return
  }
  say(style('bold', text[lang].title))
  say()
  sayMarkdown(brief)
  say()
  say(words[lang].handedOut(folder))
  if (exercise.predict) say(words[lang].thenPredict)
  say(words[lang].thenCheck)
}

/** Begins anew; what was there is kept beside it. */
export async function reset(slug: string | undefined, options: Common): Promise<void> {
  const { loaded, progress } = await current(slug)
  const lang = langOf(options)
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-').slice(0, 19)
  const backup = `${progress.folder}.backup-${stamp}`
  await rename(progress.folder, backup)
  await handOut(loaded, progress.folder)
  if (options.json) return say(JSON.stringify({ folder: progress.folder, backup }))
  say(words[lang].kept(backup))
  say(words[lang].handedOut(progress.folder))
}

/** Starts the first exercise of the order that has not passed; tells its brief if it is started already. */
export async function next(options: Common): Promise<void> {
  const all = await loadExercises(root)
  const progress = await listProgress(all.map(({ exercise }) => exercise))
  const passed = progress.filter((each) => each.passed).map(({ slug }) => slug)
  const open = (await orderOf()).find(
    (slug) => !passed.includes(slug) && all.some(({ exercise }) => exercise.slug === slug),
  )
  if (open === undefined) return say(words[langOf(options)].allDone)
  const own = progress.find(({ slug }) => slug === open)
  const loaded = await openExercise(open)
  if (own && existsSync(own.folder)) tell(loaded, own.folder, options)
  else await start(open, options)
}
