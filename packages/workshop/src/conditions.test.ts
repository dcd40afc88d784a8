import { expect, it } from 'vitest'
import { bound, passes } from './conditions.ts'
import type { Test } from './model.ts'

it.each<[unknown, Test, boolean]>([
  [200, { is: 200 }, true],
  ['200', { is: 200 }, false],
  ['/', { not: '/' }, false],
  [119e6, { atMost: '120 MB' }, true],
  [121e6, { atMost: '120 MB' }, false],
  [undefined, { atMost: 5 }, false],
  [5, { atLeast: 5 }, true],
  [['a', 'b'], { includes: 'a' }, true],
  [['ab'], { includes: 'a' }, false],
  [['ab'], { includes: '/a/' }, true],
  ['Hello, world', { includes: 'world' }, true],
  [['/etc/nginx'], { includes: '/etc/nginx' }, true],
  [['x'], { excludes: '/y/' }, true],
  ['one\ntwo', { matches: '^two$' }, true],
  [['one', 'two'], { matches: '^tw' }, true],
  ['', { empty: true }, true],
  [[], { empty: false }, false],
  [false, { is: false }, true],
])('%j passes %j: %s', (value, test, expected) => {
  expect(passes(value, test)).toBe(expected)
})

it('counts in decimal units', () => {
  expect([bound('1.5 kB'), bound('2 GB'), bound('7 B'), bound(7)]).toEqual([1500, 2e9, 7, 7])
})
