import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { promiseText, summarize, worstFirst } from './contract.ts'

it('says of each promise what docs/contract.md says', () => {
  const page = readFileSync(new URL('../../../../docs/contract.md', import.meta.url), 'utf8')
  const promises = [...page.matchAll(/^\| `([\w-]+)` +\| (.+?) +\| .+\|$/gm)]
  expect(promises.length).toBeGreaterThan(10)
  for (const [, id = '', text = ''] of promises) expect(promiseText(id), id).toBe(text.replaceAll('`', ''))
})

it('has no text for a promise that it does not know', () => {
  expect(promiseText('toString')).toBeUndefined()
})

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
