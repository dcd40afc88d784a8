import { expect, it } from 'vitest'
import type { ChartContent, Moment } from './chart-content.ts'
import { describeCourse } from './describe-course.ts'

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
