import { expect, it } from 'vitest'
import { linePath } from './line-path.ts'

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
