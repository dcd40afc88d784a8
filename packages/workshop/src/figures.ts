import { join } from 'node:path'
import { Attempt } from './attempt.ts'
import { baseIds } from './bases.ts'
import { see } from './facts/index.ts'
import { hashFolder } from './folder.ts'
import type { Loaded } from './load.ts'
import type { Outcome } from './outcome.ts'
import { recall, remember, verdictKey } from './remember.ts'

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
