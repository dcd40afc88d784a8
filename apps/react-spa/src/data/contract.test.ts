import { expect, it } from 'vitest'
import { summarize, worstFirst } from './contract.ts'

const results = [
  { id: 'ready', verdict: 'pass', detail: '' },
  { id: 'ports', verdict: 'excused', detail: 'has a debugger' },
  { id: 'stops', verdict: 'fail', detail: 'exit code 143' },
  { id: 'logs', verdict: 'pass', detail: '' },
] as const

it('shows what is broken first and keeps the order otherwise', () => {
  expect(worstFirst(results).map(({ id }) => id)).toEqual(['stops', 'ports', 'ready', 'logs'])
})

it('counts the verdicts in one sentence', () => {
  expect(summarize(results)).toBe('2 of 4 promises kept, 1 excused, 1 broken.')
  expect(summarize([results[0]])).toBe('1 of 1 promises kept.')
})
