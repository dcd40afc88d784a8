import { analyze, DockerfileError } from '@stagecraft/dockerfile'
import { describe, expect, it } from 'vitest'
import { allSuggestions, matchingSuggestions, whyUnknown } from './changes.ts'
import type { ChosenChange } from './selection.ts'

describe('suggestions', () => {
  const outline = analyze(
    'ARG TAG=24 B="x y" C\nFROM node:$TAG AS a\nARG TAG\nARG D=\'not E\' \\\n  F\nFROM a\nCOPY --from=busybox / /\n',
  )
  const groups = allSuggestions(outline, ['src/Main.ts', 'src/test/main.test.ts', 'README.md'])

  const labels = (query: string, chosen: ChosenChange[] = []) =>
    Object.fromEntries(
      matchingSuggestions(groups, query, chosen).map(({ name, items }) => [
        name,
        items.map(({ label }) => label),
      ]),
    )

  describe('the suggestions', () => {
    it('are the arguments, the images and the files', () => {
      expect(labels('')).toEqual({
        'Build arguments': ['TAG', 'B', 'C', 'D', 'F'],
        'Base images': ['node:24', 'busybox'],
        Files: ['src/Main.ts', 'src/test/main.test.ts', 'README.md'],
      })
    })

    it('hold every word of the query, in either case', () => {
      expect(labels('main TEST')).toEqual({ Files: ['src/test/main.test.ts'] })
    })

    it('leave out what is chosen already', () => {
      expect(labels('main', [{ path: 'src/Main.ts', what: 'mode' }])).toEqual({
        Files: ['src/test/main.test.ts'],
      })
    })

    it('are files alone while nothing is known of the Dockerfile', () => {
      expect(matchingSuggestions(allSuggestions(undefined, ['a']), '', [])).toMatchObject([{ name: 'Files' }])
    })

    it('are at most 50 of a group', () => {
      const files = Array.from({ length: 5000 }, (_, index) => `src/${index}.ts`)
      const [group] = matchingSuggestions(allSuggestions(undefined, files), 'src', [])
      expect(group?.items).toHaveLength(50)
    })
  })
})

describe('unknown change', () => {
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
})
