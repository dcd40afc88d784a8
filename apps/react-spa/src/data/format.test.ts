import { expect, it } from 'vitest'
import {
  ago,
  counted,
  dateTime,
  duration,
  megabytes,
  milliseconds,
  shortRevision,
  size,
  times,
} from './format.ts'

it.each([
  [0, '0.0'],
  [49_999, '0.0'],
  [85_774_626, '85.8'],
  [1_619_599_937, '1,619.6'],
])('writes %i bytes as %s MB', (bytes, text) => {
  expect(megabytes(bytes)).toBe(text)
})

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [3_384_000, '3.4 MB'],
  [1_619_599_937, '1.6 GB'],
  [7e15, '7,000,000.0 GB'],
])('writes a size of %i as %s', (bytes, text) => {
  expect(size(bytes)).toBe(text)
})

it('writes milliseconds without digits and ratios with one', () => {
  expect(milliseconds(1093.6)).toBe('1,094')
  expect(times(6.949)).toBe('6.9')
})

it.each([
  [0, '1 second ago'],
  [59_400, '59 seconds ago'],
  [59_600, '1 minute ago'],
  [3_599_000, '1 hour ago'],
  [7_200_000, '2 hours ago'],
])('says of %i ms that it was %s', (ms, text) => {
  expect(ago(ms)).toBe(text)
})

it.each([
  [0, '1 min'],
  [119_999, '1 min'],
  [120_000, '2 min'],
  [7_199_999, '1 h'],
  [90_000_000, '25 h'],
])('says of %i ms that they last %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
})

it('counts in the singular and the plural', () => {
  expect(counted(1, 'image')).toBe('1 image')
  expect(counted(1000, 'image')).toBe('1,000 images')
})

it('writes a moment with its day and its minute', () => {
  expect(dateTime('2026-11-21T12:30:00Z')).toMatch(/^\d\d? Nov 2026, \d\d:\d\d$/)
})

it.each([
  ['d3adbeef0123456789d3adbeef0123456789d3ad', 'd3adbee'],
  ['d3adbeef0123456789d3adbeef0123456789d3ad+', 'd3adbee+'],
  ['d3adbee', 'd3adbee'],
  ['unknown', 'unknown'],
])('shortens revision %s to %s', (revision, text) => {
  expect(shortRevision(revision)).toBe(text)
})
