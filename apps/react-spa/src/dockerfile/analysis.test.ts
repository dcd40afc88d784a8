import { describe, expect, it } from 'vitest'
import { buildQuestion, isAboutChanges, isTooLong, maxQuestionBytes } from './analysis.ts'

const dockerfile = 'FROM a\n'

describe('a question', () => {
  it('is the text alone where nothing else is chosen', () => {
    expect(buildQuestion({ dockerfile, dockerignore: 'docs', target: '', changed: [] })).toEqual({
      dockerfile,
    })
  })

  it('holds .dockerignore only where it matters, that is for paths', () => {
    const parts = { dockerfile, dockerignore: 'docs', target: 'prod' }
    expect(buildQuestion({ ...parts, changed: [{ arg: 'A' }] })).toEqual({
      dockerfile,
      target: 'prod',
      changed: [{ arg: 'A' }],
    })
    expect(buildQuestion({ ...parts, changed: [{ path: 'docs/a' }] })).toEqual({
      ...parts,
      changed: [{ path: 'docs/a' }],
    })
  })

  it('is about changes if it names one', () => {
    expect(isAboutChanges({ dockerfile })).toBe(false)
    expect(isAboutChanges({ dockerfile, changed: [{ arg: 'A' }] })).toBe(true)
  })

  it('is too long from the first byte over what the analyzer reads, as JSON in UTF-8', () => {
    const frame = Buffer.byteLength(JSON.stringify({ dockerfile: '' }))
    expect(isTooLong({ dockerfile: 'x'.repeat(maxQuestionBytes - frame) })).toBe(false)
    expect(isTooLong({ dockerfile: 'x'.repeat(maxQuestionBytes - frame + 1) })).toBe(true)
    for (const twoBytes of ['é', '\n'])
      expect(isTooLong({ dockerfile: twoBytes.repeat(maxQuestionBytes / 2) })).toBe(true)
  })
})
