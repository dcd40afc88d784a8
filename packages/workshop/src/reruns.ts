import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Instruction } from '@stagecraft/dockerfile'
import { type Held, hold } from '@stagecraft/engine/held'
import { replaceFile } from '@stagecraft/engine/replace-file'
import { type Attempt, before } from './attempt.ts'
import type { Build } from './build.ts'
import type { Of } from './model.ts'
import { cacheFolder } from './places.ts'

/** What a build did with each instruction of the learner's Dockerfile. */
async function heldIn(attempt: Attempt, of: Of, { steps }: Build): Promise<Held[]> {
  // A build by itself names only the stage.
  return hold(
    await attempt.analysis(of),
    steps.map((step) => ({ ...step, of: ['build', ...step.of] })),
    'build',
  )
}

/** What a second build does after a change, with everything of the first in the cache. */
export async function heldAfter(attempt: Attempt, of: Of): Promise<Held[]> {
  await attempt.build(before(of))
  if (Object.keys(before(of)).length === 0) await rememberDurations(attempt)
  const after = await attempt.build(of)
  return heldIn(attempt, of, after)
}

/** How long instructions took when they last ran, in seconds by their text. */
type Durations = Record<string, number>

const fileOf = (slug: string) => join(cacheFolder(), `durations-${slug}.json`)

async function readDurations(slug: string): Promise<Durations> {
  return JSON.parse(await readFile(fileOf(slug), 'utf8').catch(() => '{}'))
}

/** Remembers how long the steps of a build took: the next one finds them in the cache, where they take no time. */
export async function rememberDurations(attempt: Attempt): Promise<void> {
  const { slug } = attempt.exercise
  const held = await heldIn(attempt, {}, await attempt.build())
  const ran = held.filter(({ ran, seconds }) => ran && seconds > 0)
  if (ran.length === 0) return
  const { instructions } = await attempt.analysis()
  const known = await readDurations(slug)
  for (const { line, seconds } of ran) {
    const text = instructions.find((each) => each.line === line)?.text
    if (text) known[text] = seconds
  }
  await replaceFile(fileOf(slug), JSON.stringify(known))
}

/** How long an instruction took when it last ran, as a figure; none if it is not known. */
export async function durationOf(attempt: Attempt, { text }: Instruction): Promise<{ seconds?: string }> {
  const seconds = (await readDurations(attempt.exercise.slug))[text]
  return seconds === undefined ? {} : { seconds: seconds.toFixed(1) }
}
