import { isRight } from '../answers.ts'
import type { Attempt } from '../attempt.ts'
import { bound, limitOf, passes, unwanted } from '../conditions.ts'
import type { Asked, Condition, Figures } from '../model.ts'
import { sizeText } from '../text.ts'
import { archiveFacts } from './archive.ts'
import { buildFacts } from './build.ts'
import { containerFacts } from './container.ts'
import { type Fact, list, type Seen } from './fact.ts'
import { textFacts } from './text.ts'

/** All that checks, mistakes and predictions can be about, by tier: a closed list, in docs/workshop-facts.md. */
export const facts: Readonly<Record<string, Fact>> = {
  prediction: {
    tier: 0,
    what: 'Whether the learner has answered the question `kind` as the engine does: `right`, `wrong`, `open`.',
    takes: ['kind'],
    async see(attempt, { kind = '' }) {
      const question = attempt.exercise.predict?.find(({ id }) => id === kind)
      const answer = attempt.answers[kind]
      if (!question || answer === undefined) return { value: 'open', cause: 'prediction.open' }
      const { value, figures } = await see(attempt.settling(), question)
      const right = isRight(question, answer, value)
      return {
        value: right ? 'right' : 'wrong',
        figures: { ...figures, answer: short(answer), value: short(value) },
      }
    },
  },
  ...textFacts,
  ...buildFacts,
  ...archiveFacts,
  ...containerFacts,
}

/** @throws RangeError for a fact that is none */
export function factOf(name: string): Fact {
  const found = facts[name]
  if (!found) throw new RangeError(`There is no fact "${name}".`)
  return found
}

/** A fact of an attempt, with the figures that a text may use; each is looked up once. */
export async function see(attempt: Attempt, { fact, of = {}, ...test }: Asked): Promise<Required<Seen>> {
  const { bytes, see: look } = factOf(fact)
  const seen = await attempt.once(`fact ${fact} ${JSON.stringify(of)}`, () => look(attempt, of))
  const { value, figures = {}, cause = fact } = seen
  const limit = limitOf(test)
  return {
    value,
    cause,
    figures: {
      value: bytes && typeof value === 'number' ? sizeText(value) : short(value),
      ...(bytes && typeof value === 'number' && { size: sizeText(value), bytes: value }),
      ...(Array.isArray(value) &&
        test.excludes !== undefined && { unwanted: list(unwanted(value, test.excludes)) }),
      ...(limit !== undefined && { limit: bytes ? sizeText(bound(limit as string)) : limit }),
      file: attempt.file,
      ...figures,
    } as Figures,
  }
}

const short = (value: unknown): string => {
  const text = Array.isArray(value) ? value.slice(0, 5).join(', ') : String(value ?? '')
  return text.trim().slice(0, 200)
}

export interface Matched {
  matched: boolean
  figures: Figures
}

/** Whether a condition holds; facts that need not be looked at are not. */
export async function holds(attempt: Attempt, condition: Condition): Promise<Matched> {
  if ('all' in condition) {
    const figures: Figures = {}
    for (const each of condition.all) {
      const part = await holds(attempt, each)
      if (!part.matched) return { matched: false, figures: {} }
      Object.assign(figures, part.figures)
    }
    return { matched: true, figures }
  }
  if ('any' in condition) {
    for (const each of condition.any) {
      const part = await holds(attempt, each)
      if (part.matched) return part
    }
    return { matched: false, figures: {} }
  }
  if ('none' in condition) {
    for (const each of condition.none)
      if ((await holds(attempt, each)).matched) return { matched: false, figures: {} }
    return { matched: true, figures: {} }
  }
  const { value, figures } = await see(attempt, condition)
  return { matched: passes(value, condition), figures }
}
