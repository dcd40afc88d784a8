import type { Lang } from './lang.ts'
import type { Loaded } from './load.ts'
import { words } from './messages/words.ts'
import { sizeText } from './text.ts'

/** What the learner changed, in no language yet. An empty value is none, `–` one that cannot be found out. */
export interface Outcome {
  before: string
  now: string
  /** Bytes of the reference of apps/, where it is built. */
  reference?: number
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
