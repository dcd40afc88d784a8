import { analyze, type Change } from '@stagecraft/dockerfile'
import { describe, expect, it } from 'vitest'
import { firstLine, summarize, tallyLabel } from './stages.ts'

const dockerfile = `FROM node:24 AS build
COPY package.json .
RUN npm install && \\
    npm test
COPY src src
RUN npm run build
FROM debian AS prod
COPY --from=build /a /a
CMD ["a"]
`

function summary(...changed: Change[]) {
  const { text, first } = summarize(analyze(dockerfile, { changed }), changed.length > 0)
  return first ? `${text} line ${first.line}` : text
}

describe('the summary', () => {
  it('counts the steps where nothing has changed yet', () => {
    expect(summary()).toBe('Building prod takes 7 steps. Nothing has changed yet, so each is cached.')
  })

  it('says that nothing reruns', () => {
    expect(summary({ path: 'docs' })).toBe('Nothing reruns: all 7 steps of prod stay cached.')
  })

  it('says how many rerun for sure, how many may, and the first', () => {
    expect(summary({ path: 'src/a' })).toBe('2 of 7 steps rerun, 1 more may; the first is line 5')
    expect(summary({ instruction: 6 })).toBe('1 of 7 steps reruns, 1 more may; the first is line 6')
    expect(summary({ base: 'debian' })).toBe('2 of 7 steps rerun; the first is line 7')
  })

  it('says that a build has no steps', () => {
    expect(summarize(analyze('FROM scratch\nCMD ["a"]\n'), false).text).toBe(
      'Building stage 0 has no steps to run.',
    )
  })
})

it('the first line of an instruction goes without its continuation', () => {
  const { instructions } = analyze(dockerfile)
  expect(instructions.slice(1, 3).map(firstLine)).toEqual(['COPY package.json .', 'RUN npm install && …'])
})

it.each<[number, number, string]>([
  [0, 0, ''],
  [1, 0, '1 reruns'],
  [2, 0, '2 rerun'],
  [0, 1, '1 may rerun'],
  [3, 4, '3 rerun, 4 may'],
])('%d that rerun and %d that may are "%s"', (reruns, mayRerun, label) => {
  expect(tallyLabel({ instructions: 9, steps: 9, reruns, mayRerun })).toBe(label)
})
