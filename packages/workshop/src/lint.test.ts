import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bases } from '@stagecraft/scripts/stand-ins/bases'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lint, markTranslation } from './lint.ts'
import { listSlugs, loadExercise, loadExercises, loadGlossary, loadTracks } from './load.ts'

const root = join(import.meta.dirname, '../../..')
const all = await loadExercises(root)
const slugs = await listSlugs(root)

it.each(all)('$exercise.slug has no problem', async (loaded) => {
  expect(await lint(loaded, slugs)).toEqual([])
})

it.each(all)('set-up sees to the bases of $exercise.slug', ({ exercise }) => {
  const known = bases.map(({ name }) => name)
  expect(exercise.offline.bases.filter((name) => !known.includes(name))).toEqual([])
})

it.each(await loadTracks(root))(
  'the track $id has time enough, and what an exercise needs comes before it',
  ({ room, parts }) => {
    const minutes = parts.map((part) => {
      if ('minutes' in part) return part.minutes
      const own = all.find(({ exercise }) => exercise.slug === part.exercise)?.exercise
      return own ? own.minutes.read + own.minutes.do : Number.NaN
    })
    const sum = minutes.reduce((total, each) => total + each, 0)
    expect(sum).toBeLessThanOrEqual(room)
    expect(sum).toBeGreaterThan(room - 15)
    const order = parts.flatMap((part) => ('exercise' in part ? [part.exercise] : []))
    for (const [index, slug] of order.entries()) {
      const needs = all.find(({ exercise }) => exercise.slug === slug)?.exercise.needs ?? []
      expect(order.slice(0, index), slug).toEqual(expect.arrayContaining(needs))
    }
  },
)

it('the glossary has each term once, with its meaning in both languages', async () => {
  const terms = await loadGlossary(root)
  expect(new Set(terms.map(({ en }) => en)).size).toBe(terms.length)
  expect(terms.filter(({ means }) => !means.en || !means.es)).toEqual([])
})

describe('of a broken exercise', () => {
  let copy: string
  beforeEach(async () => {
    copy = await mkdtemp(join(tmpdir(), 'stagecraft-lint-'))
    await cp(join(root, 'workshop/context'), join(copy, 'workshop/context'), { recursive: true })
    await cp(join(root, 'workshop/first-image'), join(copy, 'workshop/first-image'), { recursive: true })
    await cp(join(root, 'apps/node-hello'), join(copy, 'apps/node-hello'), { recursive: true })
  })
  afterEach(() => rm(copy, { recursive: true }))

  const change = async (file: string, from: string | RegExp, to: string) => {
    const path = join(copy, 'workshop/context', file)
    const text = await readFile(path, 'utf8')
    const changed = text.replace(from, () => to)
    expect(changed).not.toBe(text)
    await writeFile(path, changed)
  }
  const problems = async () =>
    (await lint(await loadExercise(copy, 'context'), ['context', 'first-image'])).map(
      ({ file, problem }) => `${file}: ${problem}`,
    )

  it.each<[string, string, string | RegExp, string, RegExp]>([
    ['a field that there is not', 'exercise.yaml', 'version: 1', 'version: 1\nlevel: 3', /exercise.yaml: .*/],
    [
      'a fact that there is not',
      'exercise.yaml',
      'fact: context-size, atMost',
      'fact: weight, atMost',
      /no fact weight/,
    ],
    [
      'an argument that a fact does not take',
      'exercise.yaml',
      'fact: context-size, atMost',
      'fact: context-size, of: { path: a }, atMost',
      /takes no path/,
    ],
    ['two tests', 'exercise.yaml', 'atMost: 8 kB', 'atMost: 8 kB, atLeast: 1', /has 2 tests/],
    [
      'a check of the text',
      'exercise.yaml',
      'id: tests, fact: context',
      'id: tests, fact: instruction',
      /how something is written/,
    ],
    [
      'a start that is nothing',
      'exercise.yaml',
      'start: no-file',
      'start: nothing',
      /neither a mistake nor a check/,
    ],
    [
      'a mistake about no check',
      'exercise.yaml',
      'check: answers',
      'check: questions',
      /about the check questions/,
    ],
    ['an exercise that it needs', 'exercise.yaml', '[first-image]', '[first-steps]', /needs first-steps/],
    [
      'a base that it uses',
      'exercise.yaml',
      '[node:26-trixie-slim]',
      '[node:26-trixie]',
      /node:26-trixie-slim is used/,
    ],
    [
      'a section',
      'en.md',
      '## mistake:no-file',
      '## mistake:no-files',
      /en.md: The section mistake:no-file is missing/,
    ],
    [
      'an English text that has changed',
      'en.md',
      'one pattern a line',
      'a pattern a line',
      /es.md: mistake:no-file: the English text has changed/,
    ],
    ['a code block of its own', 'es.md', 'assets/*', 'recursos/*', /code blocks are others/],
    [
      'a placeholder',
      'es.md',
      'la carpeta entera: {{value}}',
      'la carpeta entera',
      /placeholders are others/,
    ],
    [
      'a link',
      'en.md',
      '../../apps/node-hello/.dockerignore',
      '../../apps/node-hello/nothing',
      /nothing is not there/,
    ],
  ])('it names %s', async (_, file, from, to, expected) => {
    await change(file, from, to)
    expect((await problems()).join('\n')).toMatch(expected)
  })

  it('it names a mistake that nothing shows, and too few alternatives', async () => {
    await rm(join(copy, 'workshop/context/mistakes/comment-behind'), { recursive: true })
    await rm(join(copy, 'workshop/context/alternatives'), { recursive: true })
    const found = (await problems()).join('\n')
    expect(found).toContain('Nothing shows the mistake comment-behind')
    expect(found).toContain('There are fewer than two')
  })

  it('a section without a mark gets one, and no other is touched', async () => {
    await change('es.md', /## hint-1\n\n<!-- en: \w+ -->\n/, '## hint-1\n')
    expect(await markTranslation(await loadExercise(copy, 'context'))).toBe(1)
    expect(await problems()).toEqual([])
    expect(await markTranslation(await loadExercise(copy, 'context'))).toBe(0)
  })
})
