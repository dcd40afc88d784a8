import { join } from 'node:path'
import { Attempt } from './attempt.ts'
import { baseIds } from './bases.ts'
import { see } from './facts/index.ts'
import { hashFolder } from './folder.ts'
import type { Lang } from './lang.ts'
import type { Loaded } from './load.ts'
import { words } from './messages/words.ts'
import { recall, remember, verdictKey } from './remember.ts'
import { sizeText } from './text.ts'

/** What the learner changed, in no language yet. An empty value is none, `–` one that cannot be found out. */
export interface Outcome {
  before: string
  now: string
  /** Bytes of the reference of apps/, where it is built. */
  reference?: number
}

/** What a passed exercise changed: the figure at the start, and that of the attempt. */
export async function findOutcome(loaded: Loaded, attempt: Attempt): Promise<Outcome | undefined> {
  const { compare } = loaded.exercise
  if (!compare) return undefined
  const found: Outcome = { before: await figureAtStart(loaded, attempt.signal), now: await figureOf(attempt) }
  if (compare.sees !== 'size.pull' && compare.sees !== 'size.disk') return found
  const { findImage, readLocalImage } = await import('@stagecraft/engine')
  const image = `stagecraft/${compare.image}`
  if (!(await findImage(image))) return found
  const { unpackedBytes, compressedBytes } = await readLocalImage(image, { signal: attempt.signal })
  return { ...found, reference: compare.sees === 'size.pull' ? compressedBytes : unpackedBytes }
}

/** An outcome in words. */
export function describeOutcome({ exercise }: Loaded, outcome: Outcome, lang: Lang): string[] {
  const { compare } = exercise
  if (!compare) return []
  const [before, now] = [outcome.before, outcome.now].map((value) => value || words[lang].nothing)
  const { reference } = outcome
  return [
    words[lang].figure(compare.sees, before ?? '', now ?? ''),
    ...(reference === undefined ? [] : [words[lang].reference(compare.image, sizeText(reference))]),
  ]
}

/** Remembered: a start changes with the exercise and its bases alone. */
async function figureAtStart(loaded: Loaded, signal?: AbortSignal): Promise<string> {
  const { exercise } = loaded
  const folder = join(loaded.folder, 'start')
  await using attempt = new Attempt({ exercise, folder, answers: {}, signal })
  const { ids } = await baseIds(attempt).catch(() => ({ ids: [] }))
  const key = await verdictKey(loaded, ['start', await hashFolder(folder), ...ids])
  const known = await recall<string>(exercise.slug, key)
  if (known !== undefined) return known
  const figure = await figureOf(attempt)
  await remember(exercise.slug, key, figure)
  return figure
}

async function figureOf(attempt: Attempt): Promise<string> {
  const { sees: fact = '', of } = attempt.exercise.compare ?? {}
  try {
    const { figures } = await see(attempt, { fact, ...(of && { of }) })
    return String(figures.value)
  } catch {
    attempt.signal?.throwIfAborted()
    // A start may be one that cannot be built.
    return '–'
  }
}
