import { expect, it } from 'vitest'
import { readMediaType } from './media-type.ts'

it.each([
  ['application/json', 'application/json', 'utf-8'],
  ['Application/JSON; charset=UTF-8', 'application/json', 'utf-8'],
  ['text/plain;charset="iso-8859-1"', 'text/plain', 'iso-8859-1'],
])('%s is %s in %s', (header, essence, charset) => {
  expect(readMediaType(header)).toEqual({ essence, charset })
})

it.each([undefined, '', ';;;', 'json'])('%j is no media type', (header) => {
  expect(readMediaType(header)).toBeUndefined()
})
