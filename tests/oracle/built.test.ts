import { randomUUID } from 'node:crypto'
import { wrong } from '@stagecraft/engine/held'
import { attemptsOf, tryTwice } from '@stagecraft/test-predictions/build'
import type { Case, Try } from '@stagecraft/test-predictions/cases'
import fc from 'fast-check'
import { expect, it } from 'vitest'

/**
 * Generated changes, built: what reruns after a file, its mode or an instruction changed, which BuildKit's code alone does
 * not tell. On scratch, and with copies that cannot fail. ORACLE_BUILDS is the number of changes for a long run.
 */
const wanted = Number(process.env.ORACLE_BUILDS ?? 120)
const perBatch = 60
const perCase = 4
const seed = Number(process.env.ORACLE_SEED ?? 1)

const one = <T>(...values: T[]) => fc.constantFrom(...values)
const files = ['a.txt', 'b.txt', '.env', 'prod.env', 'src/a.txt', 'src/deep/b.md', 'docs/x.md', 'keep.txt']

const source = one(
  '.',
  '*',
  '*.txt',
  'src*',
  's?c/*',
  '*/deep',
  '[a-b].txt',
  '..',
  './src*/..',
  'docs*',
  '*.env',
)
const flags = fc
  .subarray(
    ['--link', '--chmod=0644', '--exclude=*.md', '--exclude=**/b*', '--exclude=!keep.txt', '--chown=1:1'],
    { maxLength: 2 },
  )
  .map((all) => all.map((each) => `${each} `).join(''))
const destination = one('/x/', 'y/', './', '/x/./', '/')
const copy = fc
  .tuple(flags, fc.array(source, { minLength: 1, maxLength: 2 }), destination)
  .map(([how, what, to]) => `COPY ${how}${what.join(' ')} ${to}`)
const line = fc.oneof(
  { weight: 6, arbitrary: copy },
  { weight: 2, arbitrary: one('WORKDIR /w', 'WORKDIR sub', 'WORKDIR /x', 'WORKDIR /') },
  {
    weight: 2,
    arbitrary: one('ENV A=1', 'ARG A=2', 'LABEL a=b', 'USER 1', 'COPY <<EOF /h\nx\nEOF', 'SHELL ["/x"]'),
  },
)
/** No step is one that an earlier build has left in the cache. */
const nonce = 'COPY <<EOF /nonce\nNONCE\nEOF'
const stages = fc
  .array(fc.array(line, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 })
  .chain((all) =>
    fc.tuple(
      ...all.map((lines, index) =>
        index === 0
          ? fc.constant(['FROM scratch AS s0', nonce, ...lines])
          : fc
              .tuple(fc.nat(index - 1), fc.boolean(), flags, one('/x*', '/*', '/./y*', '/w*'))
              .map(([below, onTop, how, what]) => [
                `FROM ${onTop ? `s${below}` : 'scratch'} AS s${index}`,
                nonce,
                ...lines,
                `COPY --from=s${below} ${how}${what} /from/`,
              ]),
      ),
    ),
  )
const ignore = fc
  .subarray(
    [
      '*.md',
      '**/*.md',
      '!keep.txt',
      'src',
      '!src/a.txt',
      '*',
      '**.env*',
      '.env',
      '/docs',
      '**/deep',
      '!**/b.md',
      '[a-b].txt',
    ],
    { maxLength: 3 },
  )
  .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }))
  .map((all) => all.join('\n'))

const change = (dockerfile: string): fc.Arbitrary<Omit<Try, 'name'>> => {
  const lines = dockerfile.split('\n')
  const copies = lines.flatMap((text, index) => (/^COPY (?!<<)/.test(text) ? [index] : []))
  const paths = one(...files, 'new.txt', 'src/new.md', 'src/deep/new.txt')
  return fc.oneof(
    { weight: 5, arbitrary: paths.map((path) => ({ change: { path } })) },
    { weight: 2, arbitrary: one(...files).map((path) => ({ change: { path, what: 'mode' as const } })) },
    { weight: 1, arbitrary: one(...files).map((path) => ({ change: { path, what: 'time' as const } })) },
    { weight: 2, arbitrary: one(...files).map((path) => ({ change: { path }, remove: true })) },
    ...(copies.length > 0
      ? [
          {
            weight: 2,
            arbitrary: fc
              .tuple(
                one(...copies),
                one<(text: string) => string>(
                  (text) => text.replace(/ (\S+)$/, ' /NEW/'),
                  (text) => text.replaceAll(' ', '  '),
                  (text) => text.replace('COPY', 'copy'),
                  (text) => text.replace('--chmod=0644', '--chmod=644'),
                  (text) => text.replace('/x/', '/./x/'),
                  () => 'LABEL x=NEW',
                ),
              )
              .map(([index, edit]) => ({
                change: { instruction: index + 1, text: edit(lines[index] as string) },
              })),
          },
        ]
      : []),
  )
}

const built: fc.Arbitrary<Case> = fc.tuple(stages, ignore).chain(([all, dockerignore]) => {
  const dockerfile = all.flat().join('\n')
  // One that was made before is in the cache.
  const distinct = {
    minLength: perCase,
    maxLength: perCase,
    selector: (each: object) => JSON.stringify(each),
  }
  return fc.uniqueArray(change(dockerfile), distinct).map((changes) => ({
    name: dockerfile,
    dockerfile,
    dockerignore,
    files: Object.fromEntries(files.map((path) => [path, ''])),
    changes: changes.map((each) => ({ name: JSON.stringify(each), ...each })),
  }))
})

it(`predicts what BuildKit runs after ${wanted} generated changes, of seed ${seed}`, async () => {
  for (let done = 0; done < wanted; done += perBatch) {
    const cases = fc
      .sample(built, { numRuns: perBatch / perCase, seed: seed + done })
      .map((each) => ({ ...each, dockerfile: each.dockerfile.replaceAll('NONCE', randomUUID()) }))
    const held = await tryTwice(cases.flatMap(attemptsOf))
    const failed = [...held].flatMap(([{ of, change: tried }, steps]) =>
      wrong(steps).length > 0
        ? [
            {
              dockerfile: of.dockerfile,
              dockerignore: of.dockerignore,
              change: tried.name,
              wrong: wrong(steps),
            },
          ]
        : [],
    )
    expect(failed, `seed ${seed + done}`).toEqual([])
  }
}, 7_200_000)
