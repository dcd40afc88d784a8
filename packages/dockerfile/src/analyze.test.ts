import { describe, expect, it } from 'vitest'
import { analyze, type Change, DockerfileError, type Question } from './index.ts'

const dockerfile = `ARG BASE=node:24
FROM \${BASE} AS build
WORKDIR /app
COPY package.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM nginx AS check
COPY --from=build /app/report /report

FROM nginx
COPY --from=build /app/dist /www
COPY --from=busybox /bin/wget /bin/wget
RUN --mount=from=build,source=/app/x,target=/x nginx -t
`

const outcomes = (question: Question): string[] =>
  analyze(dockerfile, question).instructions.flatMap(({ line, outcome }) =>
    outcome && outcome !== 'cached' ? [`${line} ${outcome}`] : [],
  )

const refusal = (question: Question, text = dockerfile): unknown => {
  try {
    return analyze(text, question)
  } catch (error) {
    return error
  }
}

describe('an analysis', () => {
  it('has the stages, and which of them the target needs', () => {
    const { target, stages } = analyze(dockerfile)
    expect(target).toBe(2)
    expect(stages).toEqual([
      { index: 0, name: 'build', from: { image: 'node:24' }, line: 2, reached: true },
      { index: 1, name: 'check', from: { image: 'nginx' }, line: 9, reached: false },
      { index: 2, from: { image: 'nginx' }, line: 12, reached: true },
    ])
  })

  it('has what uses what', () => {
    expect(analyze(dockerfile).edges).toEqual([
      { from: { image: 'node:24' }, to: { stage: 0 }, by: 'FROM', line: 2 },
      { from: { image: 'nginx' }, to: { stage: 1 }, by: 'FROM', line: 9 },
      { from: { stage: 0 }, to: { stage: 1 }, by: 'COPY', line: 10 },
      { from: { image: 'nginx' }, to: { stage: 2 }, by: 'FROM', line: 12 },
      { from: { stage: 0 }, to: { stage: 2 }, by: 'COPY', line: 13 },
      { from: { image: 'busybox' }, to: { stage: 2 }, by: 'COPY', line: 14 },
      { from: { stage: 0 }, to: { stage: 2 }, by: 'RUN', line: 15 },
    ])
  })

  it('has every instruction as written, and an outcome for those that run for the target', () => {
    const { instructions } = analyze(
      '# syntax\nFROM a AS x\nRUN a \\\n  # why\n  b\nCMD ["c"]\nFROM b\nRUN <<E\nx\nE\n',
    )
    expect(instructions).toEqual([
      { line: 2, endLine: 2, keyword: 'FROM', text: 'FROM a AS x', stage: 0 },
      { line: 3, endLine: 5, keyword: 'RUN', text: 'RUN a \\\n  # why\n  b', stage: 0 },
      { line: 6, endLine: 6, keyword: 'CMD', text: 'CMD ["c"]', stage: 0 },
      { line: 7, endLine: 7, keyword: 'FROM', text: 'FROM b', stage: 1, outcome: 'cached' },
      { line: 8, endLine: 10, keyword: 'RUN', text: 'RUN <<E\nx\nE', stage: 1, outcome: 'cached' },
    ])
  })

  it('says what it does not follow', () => {
    const { notes } = analyze('FROM a\nONBUILD COPY . .\nADD https://example.com/x /x\n')
    expect(notes.map(({ line }) => line)).toEqual([2, 3])
  })

  it('takes the heredoc of a trigger as a part of it', () => {
    const { instructions } = analyze('FROM a\nONBUILD COPY <<EOF /x\nRUN\nEOF\nRUN b\n')
    expect(instructions.map(({ line, keyword }) => `${line} ${keyword}`)).toEqual([
      '1 FROM',
      '2 ONBUILD',
      '5 RUN',
    ])
  })

  it('reads Windows line ends and a byte order mark', () => {
    expect(analyze('\uFEFFFROM a\r\nRUN b \\\r\n  c\r\n').instructions.map(({ text }) => text)).toEqual([
      'FROM a',
      'RUN b \\\n  c',
    ])
  })
})

describe('a question', () => {
  it('can name the target by name or number', () => {
    expect(analyze(dockerfile, { target: 'CHECK' }).target).toBe(1)
    expect(analyze(dockerfile, { target: '0' }).target).toBe(0)
  })

  it.each<[string, Change[], string[]]>([
    [
      'a file',
      [{ path: 'src/a.ts' }],
      ['6 reruns', '7 reruns', '13 may rerun', '14 may rerun', '15 may rerun'],
    ],
    [
      'two files',
      [{ path: './src/a.ts' }, { path: '/package.json' }],
      ['4 reruns', '5 reruns', '6 reruns', '7 reruns', '13 may rerun', '14 may rerun', '15 may rerun'],
    ],
    [
      'a folder above a file',
      [{ path: 'src', what: 'mode' }],
      ['6 reruns', '7 reruns', '13 may rerun', '14 may rerun', '15 may rerun'],
    ],
    ['a time', [{ path: 'package.json', what: 'time' }], []],
    ['an ignored file', [{ path: 'README.md' }], []],
    ['an image below', [{ base: 'nginx' }], ['12 reruns', '13 reruns', '14 reruns', '15 reruns']],
    ['an image beside', [{ base: 'busybox' }], ['14 may rerun', '15 may rerun']],
    ['a secret', [{ secret: 'npmrc' }], []],
    [
      'an instruction, nobody knows how',
      [{ instruction: 7 }],
      ['7 reruns', '13 may rerun', '14 may rerun', '15 may rerun'],
    ],
    ['a directory, nobody knows which', [{ instruction: 14 }], ['14 reruns', '15 reruns']],
  ])('can be about %s', (_name, changed, expected) => {
    expect(outcomes({ changed, dockerignore: '*.md' })).toEqual(expected)
  })

  it('says why', () => {
    const { instructions } = analyze(dockerfile, { changed: [{ path: 'package.json' }] })
    expect(instructions.flatMap(({ line, why }) => (why ? [`${line}: ${why}`] : []))).toEqual([
      '4: copies `package.json`, which changed',
      '5: follows line 4, which reruns',
      '6: copies `package.json`, which changed',
      '7: follows line 6, which reruns',
      '13: copies files of stage `build`, which may differ',
      '14: follows line 13, which may rerun',
      '15: mounts files of stage `build`, which may differ',
    ])
  })

  it.each<[string, Question, string, string]>([
    [
      'a target that there is not',
      { target: 'nope' },
      'unknown-target',
      'There is no stage nope to build. There are build, check',
    ],
    [
      'a number that no stage has',
      { target: '3' },
      'unknown-target',
      'There is no stage 3 to build. There are build, check',
    ],
    [
      'a path above the context',
      { changed: [{ path: '../x' }] },
      'unknown-change',
      '"../x" is no path in the build context',
    ],
    ['no path', { changed: [{ path: '' }] }, 'unknown-change', '"" is no path in the build context'],
    [
      'a line without an instruction',
      { changed: [{ instruction: 8 }] },
      'unknown-change',
      'There is no instruction on line 8',
    ],
    [
      'an argument that there is not',
      { changed: [{ arg: 'NOPE' }] },
      'unknown-change',
      'There is no ARG NOPE',
    ],
    [
      'an image that there is not',
      { changed: [{ base: 'alpine' }] },
      'unknown-change',
      'No instruction names the image alpine. There are node:24, nginx, busybox',
    ],
    [
      'two instructions for one',
      { changed: [{ instruction: 5, text: 'RUN a\nRUN b' }] },
      'unknown-change',
      'The new text of line 5 must be one instruction, and FROM stays FROM',
    ],
    [
      'two changed instructions',
      { changed: [{ instruction: 5 }, { instruction: 7 }] },
      'unknown-change',
      'Only one instruction can change at a time',
    ],
  ])('is refused: %s', (_name, question, code, message) => {
    const error = refusal(question)
    expect(error).toBeInstanceOf(DockerfileError)
    expect(error).toMatchObject({ code, message })
  })
})

describe('a value', () => {
  const from = (text: string) => analyze(text).stages.at(-1)?.from
  it.each<[string, string, object]>([
    ['a pattern from the end', `ARG V=3.1\nFROM node:\${V%%.*}`, { image: 'node:3' }],
    ['the shortest pattern from the end', `ARG V=3.1.2\nFROM node:\${V%.*}`, { image: 'node:3.1' }],
    ['a pattern from the beginning', `ARG V=v3.1\nFROM node:\${V#v}`, { image: 'node:3.1' }],
    ['the longest pattern from the beginning', `ARG V=a-b-c\nFROM node:\${V##*-}`, { image: 'node:c' }],
    ['what is replaced once', `ARG V=a.b.c\nFROM node:\${V/./-}`, { image: 'node:a-b.c' }],
    ['what is replaced everywhere', `ARG V=a.b.c\nFROM node:\${V//./-}`, { image: 'node:a-b-c' }],
    ['an escaped wildcard', `ARG V=a*b\nFROM node:\${V/\\*/-}`, { image: 'node:a-b' }],
    ['a stage that a pattern names', `ARG V=3.1\nFROM a AS base-3\nFROM base-\${V%%.*}`, { stage: 0 }],
    ['one before it in the same ARG', 'ARG V=1 B=base-$V\nFROM $B', { image: 'base-1' }],
    ['the name of the target', `FROM a AS base-prod\nFROM base-\${TARGETSTAGE} AS prod`, { stage: 0 }],
  ])('can come from %s', (_name, text, expected) => {
    expect(from(text)).toEqual(expected)
  })

  it('reaches what it names', () => {
    const text = `ARG V=3.1\nFROM scratch AS base-3\nFROM base-\${V%%.*}`
    expect(analyze(text).stages.map(({ reached }) => reached)).toEqual([true, true])
  })

  it('of an ENV is from before it, of an ARG from within', () => {
    const rerun = (text: string) =>
      analyze(text, { changed: [{ path: 'b' }] }).instructions.at(-1)?.outcome === 'reruns'
    expect(rerun('FROM scratch\nENV A=a\nENV A=b B=$A\nCOPY $B /')).toBe(false)
    expect(rerun('FROM scratch\nENV A=a\nARG A=b B=$A\nCOPY $B /')).toBe(true)
  })
})

describe('what is made to be slow', () => {
  const thousand = (line: (index: number) => string, count = 1000) =>
    Array.from({ length: count }, (_, index) => line(index)).join('\n')
  const nested = (depth: number) => `${'${A:-'.repeat(depth)}x${'}'.repeat(depth)}`
  const mebibyte = 1024 * 1024

  it.each<[string, string, Question?]>([
    ['one long line', `FROM a\nRUN ${'x '.repeat(mebibyte / 2)}`],
    ['one long line of sources', `FROM a\nCOPY ${'x '.repeat(mebibyte / 2)} /`, { changed: [{ path: 'y' }] }],
    ['a long continuation', `FROM a\nRUN ${'x \\\n'.repeat(mebibyte / 4)}y`],
    ['continuations that never end', `FROM a\nRUN ${'\\\n'.repeat(mebibyte / 2)}`],
    [
      'heredocs upon heredocs',
      `FROM a\nRUN ${thousand((index) => `<<E${index}`, 5000).replaceAll('\n', ' ')}\n${thousand((index) => `E${index}`, 5000)}`,
    ],
    ['a heredoc of many lines', `FROM a\nRUN <<E\n${'x\n'.repeat(mebibyte / 2)}E`],
    [
      'thousands of stages in a chain',
      `FROM a AS s0\n${thousand((index) => `FROM s${index} AS s${index + 1}\nENV A${index}=1`, 20_000)}`,
    ],
    [
      'thousands of stages that all copy',
      `FROM a AS s0\n${thousand((index) => `FROM a AS s${index + 1}\nCOPY --from=s${index} /x /y`, 10_000)}`,
      { changed: [{ path: 'x' }] },
    ],
    [
      'values that double',
      `FROM scratch\nENV A=xxxxxxxxxx\n${thousand(() => 'ENV A=$A$A', 100)}\nCOPY $A /x`,
    ],
    ['deep nesting', `FROM scratch\nCOPY ${nested(100_000)} /x`],
    [
      'patterns made to backtrack',
      `FROM a\n${thousand(() => `COPY ${'*a'.repeat(200)}b /x`)}`,
      {
        changed: thousand((index) => `${'a'.repeat(500)}${index}`)
          .split('\n')
          .map((path) => ({ path })),
      },
    ],
    [
      'exclusions made to backtrack',
      'FROM a\nCOPY . .',
      {
        dockerignore: thousand(() => `${'**/*a'.repeat(100)}b`),
        changed: thousand(() => 'a/'.repeat(1000))
          .split('\n')
          .map((path) => ({ path })),
      },
    ],
    [
      'sets that are not closed',
      'FROM a\nCOPY . .',
      { dockerignore: '['.repeat(mebibyte / 2), changed: [{ path: 'b' }] },
    ],
    ['a directive with spaces', `# syntax=a${' '.repeat(mebibyte)}b\nFROM a`],
    ['slashes without an end', `FROM scratch\n${thousand(() => `COPY a${'/'.repeat(60_000)}b /x`, 17)}`],
    [
      'paths of thousands of levels',
      `FROM a\n${thousand(() => 'COPY . .')}`,
      {
        dockerignore: '**/*.md\n!b\n',
        changed: Array.from({ length: 240 }, (_, index) => ({ path: `${'a/'.repeat(2047)}${index}` })),
      },
    ],
    ['directories that grow', `FROM a\n${thousand((index) => `WORKDIR w${index}`, 15_000)}`],
    [
      'replacements upon replacements',
      `FROM scratch\nARG A=${'a'.repeat(60_000)}\n${thousand(() => `ARG B=\${A//${'*?'.repeat(100)}b/x}`, 50)}`,
    ],
    [
      'a set of everything',
      'FROM a\nCOPY . .',
      {
        dockerignore: `[${'ab'.repeat(mebibyte / 8)}]*\n`,
        changed: Array.from({ length: 240 }, (_, index) => ({ path: `${'c'.repeat(4000)}${index}` })),
      },
    ],
    [
      'variables in another order, asked again and again',
      `FROM scratch\n${thousand((index) => `ENV A${index}=1\nRUN a`, 9000)}`,
      { changed: [{ instruction: 2, text: 'ENV Z=1 A0=1' }] },
    ],
    ['a file of the shortest instructions', 'FROM a\n'.repeat(mebibyte / 7)],
    [
      'rules without an end',
      'FROM a\nCOPY . .',
      { dockerignore: 'a\n'.repeat(mebibyte / 2), changed: [{ path: 'b' }] },
    ],
    ['quotes without an end', `FROM a\nENV ${'"'.repeat(mebibyte - 20)}`],
    ['escapes without an end', `FROM scratch\nCOPY ${'\\'.repeat(mebibyte - 21)} /x`],
    ['flags without an end', `FROM a\nRUN ${'--mount=type=tmpfs,target=/x '.repeat(30_000)}`],
    [
      'names without an end',
      `FROM a\nARG ${'A'.repeat(mebibyte)}\nRUN x`,
      { changed: [{ arg: 'A'.repeat(mebibyte) }] },
    ],
  ])('is answered or refused in bounded time: %s', (_name, text, question = {}) => {
    const begin = process.cpuUsage()
    const answer = refusal(question, text)
    const { user } = process.cpuUsage(begin)
    if (answer instanceof Error) expect(answer).toBeInstanceOf(DockerfileError)
    else expect(answer).toHaveProperty('stages')
    // Not how fast it is, but that no input makes it run away: these take milliseconds where they scale.
    expect(user).toBeLessThan(5_000_000)
  })
})
