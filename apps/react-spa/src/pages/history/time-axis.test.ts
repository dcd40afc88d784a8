import { expect, it } from 'vitest'
import { tickFormat, timeDomain } from './time-axis.ts'

const at = (createdAt: string) => ({ createdAt })

it('reaches from the first measurement to the last', () => {
  expect(
    timeDomain([at('2026-01-01T00:00:00Z'), at('2026-01-02T00:00:00Z'), at('2026-01-03T00:00:00Z')]),
  ).toEqual([new Date('2026-01-01T00:00:00Z'), new Date('2026-01-03T00:00:00Z')])
})

it('lies around a single moment', () => {
  expect(timeDomain([at('2026-01-01T12:00:00Z'), at('2026-01-01T12:00:00Z')])).toEqual([
    new Date('2026-01-01T00:00:00Z'),
    new Date('2026-01-02T00:00:00Z'),
  ])
})

it.each([
  ['2026-01-02T00:00:00Z', /^\d\d:\d\d$/],
  ['2026-02-01T00:00:00Z', /^\d+ Jan$/],
  ['2028-01-01T00:00:00Z', /^Jan 2026$/],
])('names ticks until %s by what tells them apart', (to, pattern) => {
  const format = tickFormat([new Date('2026-01-01T00:00:00Z'), new Date(to)])
  expect(format(new Date('2026-01-15T12:00:00Z'))).toMatch(pattern)
})
