import type { ImageReport } from '@stagecraft/report/schema'
import { count } from './format.ts'

export type PromiseResult = NonNullable<ImageReport['contract']>[number]

const order = ['fail', 'excused', 'pass']

export function worstFirst(results: readonly PromiseResult[]): PromiseResult[] {
  return results.toSorted((one, other) => order.indexOf(one.verdict) - order.indexOf(other.verdict))
}

/** "12 of 13 promises kept, 1 excused." */
export function summarize(results: readonly PromiseResult[]): string {
  const number = (verdict: string): number => results.filter((each) => each.verdict === verdict).length
  const others = [
    [number('excused'), 'excused'],
    [number('fail'), 'broken'],
  ] as const
  const rest = others.filter(([many]) => many > 0).map(([many, word]) => `, ${count(many)} ${word}`)
  return `${count(number('pass'))} of ${count(results.length)} promises kept${rest.join('')}.`
}
