import { expect, it } from 'vitest'
import { codeBlocksOf, fill, hashOf, parseText, placeholdersOf, sizeText } from './text.ts'

it('reads a title and sections, and what a translation was made of', () => {
  const { title, sections } = parseText(
    '# One\r\n\r\n## brief\n\n<!-- en: 0123456789ab -->\n\nText.\n\n```sh\n## no section\n```\n\n## hint-1\n\nHint.\n',
  )
  expect(title).toBe('One')
  expect([...sections]).toEqual([
    ['brief', { text: 'Text.\n\n```sh\n## no section\n```', madeOf: '0123456789ab' }],
    ['hint-1', { text: 'Hint.' }],
  ])
})

it('fills placeholders, and leaves the templates of docker alone', () => {
  expect(fill('{{a}} of {{b}}, {{json .Config}}', { a: 1 })).toBe('1 of –, {{json .Config}}')
  expect(fill('Again[[, after {{s}} s]]. [[In {{t}}.]]', { s: 2 })).toBe('Again, after 2 s. ')
  expect(placeholdersOf('{{b}} {{a}} {{json .Config}} {{b}}')).toEqual(['a', 'b', 'b'])
})

it('finds code blocks, and hashes a text by twelve digits', () => {
  expect(codeBlocksOf('a\n```sh\nb\n```\nc\n```\nd\n```')).toEqual(['```sh\nb\n```', '```\nd\n```'])
  expect(hashOf('')).toBe('e3b0c44298fc')
  expect(hashOf('FROM base:1.2-slim')).toBe(hashOf('FROM base:1.3-slim'))
  expect(hashOf('26 MB')).not.toBe(hashOf('24 MB'))
})

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [1_234_567, '1.2 MB'],
  [250_400_000, '250 MB'],
  [1_300_000_000, '1.3 GB'],
])('shows %i bytes as %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text)
})
