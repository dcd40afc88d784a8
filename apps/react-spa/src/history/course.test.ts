import { describe, expect, it } from 'vitest'
import { type ChartContent, describeCourse, linePath, type Moment, tickFormat, timeDomain } from './course.ts'

describe('describe course', () => {
  const content: ChartContent<Moment> = {
    points: [
      { id: 3, createdAt: '2026-01-01T12:00:00Z', hollow: false },
      { id: 8, createdAt: '2026-03-01T12:00:00Z', hollow: false },
    ],
    series: [{ name: 'Pull', tone: 'accent', measure: ({ id }) => id }],
    unit: 'MB',
    format: (value) => value.toFixed(1),
  }

  it('says where a line begins and ends, and when', () => {
    expect(describeCourse(content)).toMatch(/^Pull from 3\.0 to 8\.0 MB, 1 Jan 2026, .+ to 1 Mar 2026, /)
  })

  it('says nothing of no points', () => {
    expect(describeCourse({ ...content, points: [] })).toBe('')
  })
})

describe('line path', () => {
  const positions = [
    { x: 0, y: 10 },
    { x: 5.126, y: 4 },
    { x: 9, y: 6 },
  ]

  it('goes straight from one position to the next', () => {
    expect(linePath(positions, false)).toBe('M0,10L5.13,4L9,6')
  })

  it('goes level, then up or down, in steps', () => {
    expect(linePath(positions, true)).toBe('M0,10H5.13V4H9V6')
  })

  it('is a point for one position and nothing for none', () => {
    expect(linePath(positions.slice(0, 1), true)).toBe('M0,10')
    expect(linePath([], false)).toBe('')
  })
})

describe('time axis', () => {
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
})
