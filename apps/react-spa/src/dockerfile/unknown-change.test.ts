import { analyze, DockerfileError } from '@stagecraft/dockerfile'
import { describe, expect, it } from 'vitest'
import type { ChosenChange } from './selection.ts'
import { whyUnknown } from './unknown-change.ts'

const dockerfile = 'ARG TAG=24\n# comment\nFROM node:$TAG\nRUN a && \\\n  b\n'
const outline = analyze(dockerfile)

function refusal(change: ChosenChange): string | undefined {
  try {
    analyze(dockerfile, { changed: [change] })
  } catch (error) {
    if (error instanceof DockerfileError) return error.code
    throw error
  }
}

describe('a change is unknown where the analyzer refuses it', () => {
  it.each<ChosenChange>([
    ...['..', '../a', 'a/../..', 'a/../../b', '.', './', '/', 'a/..', 'a\0'].map(
      (path) => ({ path, what: 'content' }) as const,
    ),
    { arg: 'OTHER' },
    { base: 'node' },
    { instruction: 2 },
    { instruction: 6 },
  ])('%j', (change) => {
    expect(refusal(change)).toBe('unknown-change')
    expect(whyUnknown(change, outline)).toMatch(/^(is no|has no) /)
  })
})

describe('a change is known where the analyzer takes it', () => {
  it.each<ChosenChange>([
    ...['a', '/a', './a', 'a/', 'a/../b', '..a', 'a b'].map((path) => ({ path, what: 'mode' }) as const),
    { arg: 'TAG' },
    { base: 'node:24' },
    { instruction: 1 },
    { instruction: 5 },
  ])('%j', (change) => {
    expect(refusal(change)).toBeUndefined()
    expect(whyUnknown(change, outline)).toBeUndefined()
  })
})
