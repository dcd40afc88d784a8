import { analyze } from '@stagecraft/dockerfile'
import { describe, expect, it } from 'vitest'
import { blocksUpTo, caretIndent, lastLine, lineRange, problemPlace, sourceBlocks } from './text.ts'

describe('source blocks', () => {
  const blocksOf = (text: string) =>
    sourceBlocks(text, analyze(text).instructions).map(
      ({ line, lines, instruction }) => `${line} ${instruction?.keyword ?? '-'} ${lines.join('|')}`,
    )

  it('comments and instructions are blocks of their own, with all their lines', () => {
    expect(blocksOf('# one\n\nFROM a\nRUN b && \\\n# within\n    c\nCOPY <<E /x\ny\nE\n# end\n')).toEqual([
      '1 - # one|',
      '3 FROM FROM a',
      '4 RUN RUN b && \\|# within|    c',
      '7 COPY COPY <<E /x|y|E',
      '10 - # end',
    ])
  })

  it('lines end as Windows ends them, or with the text', () => {
    expect(blocksOf('\uFEFFFROM a\r\nRUN b')).toEqual(['1 FROM FROM a', '2 RUN RUN b'])
  })

  it('a text of which nothing is known is one block', () => {
    expect(sourceBlocks('FROM a\nRUN b\n', [])).toEqual([{ line: 1, lines: ['FROM a', 'RUN b'] }])
  })

  it('an empty text has no blocks', () => {
    expect(sourceBlocks('', [])).toEqual([])
    expect(lastLine([])).toBe(0)
  })

  it('blocks can be cut at a line', () => {
    const text = 'FROM a\nRUN b \\\n  c\n# d\n# e\nRUN f\n'
    const blocks = sourceBlocks(text, analyze(text).instructions)
    expect(lastLine(blocks)).toBe(6)
    for (const line of [1, 2, 3, 4, 5, 6]) {
      const cut = blocksUpTo(blocks, line)
      expect(cut.flatMap(({ lines }) => lines)).toEqual(text.split('\n').slice(0, line))
      expect(lastLine(cut)).toBe(line)
    }
  })
})

describe('place', () => {
  it('a problem has a place if it says line, column and text', () => {
    const place = { line: 3, column: 2, text: 'FOO' }
    expect(problemPlace({ detail: 'There is no instruction FOO', code: 'syntax', ...place })).toEqual(place)
    expect(problemPlace({ detail: 'The Dockerfile is empty', code: 'syntax' })).toBeUndefined()
    expect(problemPlace({ line: '3', column: 2, text: 'FOO' })).toBeUndefined()
  })

  it('the mark stands under its column', () => {
    expect(caretIndent({ line: 1, column: 1, text: 'FOO' })).toBe('')
    expect(caretIndent({ line: 1, column: 5, text: 'a\tb c' })).toBe(' \t  ')
  })

  it('a line is found in a text of many', () => {
    const text = 'FROM a\nRUN b\n\nRUN c'
    const lines = [1, 2, 3, 4, 5].map((line) => text.slice(...lineRange(text, line)))
    expect(lines).toEqual(['FROM a', 'RUN b', '', 'RUN c', ''])
  })
})
