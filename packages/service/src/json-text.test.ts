import { describe, expect, it } from 'vitest'
import { decodeJson, decodeText, parseJson } from './json-text.ts'

const deep = (levels: number) => Buffer.from('['.repeat(levels) + ']'.repeat(levels))

describe('a body', () => {
  it('is text when it is UTF-8', () => {
    expect(decodeText(Buffer.from('é\0😀'))).toBe('é\0😀')
  })

  it.each([
    ['a cut character', [0xc3]],
    ['an overlong character', [0xc0, 0xaf]],
    ['half a surrogate pair', [0xed, 0xa0, 0x80]],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00]],
  ])('is no text when it has %s', (_name, bytes) => {
    expect(() => decodeText(Buffer.from(bytes))).toThrow('The body is not valid UTF-8')
    expect(() => decodeJson(Buffer.from(bytes))).toThrow('The body is not valid UTF-8')
  })

  it('may be nested 64 levels deep', () => {
    expect(decodeJson(deep(64))).toBe(deep(64).toString())
    expect(() => decodeJson(deep(65))).toThrow('The body is nested deeper than 64 levels')
  })

  it('is as deep as what it opens and does not close', () => {
    expect(() => decodeJson(Buffer.from('[{"a":'.repeat(33)))).toThrow('deeper')
    expect(() => decodeJson(Buffer.from('[],'.repeat(100)))).not.toThrow()
  })

  it('is not deeper for the brackets in its strings', () => {
    expect(() => decodeJson(Buffer.from(JSON.stringify('\\"[{'.repeat(100))))).not.toThrow()
  })
})

describe('JSON', () => {
  it('is parsed', () => {
    expect(parseJson('{"a":[1]}')).toEqual({ a: [1] })
  })

  it('sets no prototype', () => {
    expect(Object.getPrototypeOf(parseJson('{"__proto__":{"a":1}}'))).toBe(Object.prototype)
  })

  it('that is malformed is a problem of the client', () => {
    expect(() => parseJson('{')).toThrow(
      expect.objectContaining({ status: 400, message: expect.stringMatching(/^The body is not JSON: ./) }),
    )
  })
})
