import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cases } from './cases.ts'
import { disagreement, ignoredOtherwise, wronglyPredicted } from './compare.ts'
import { dockerfile, ignoring, oneLine, question, rewrite, steps } from './generate.ts'
import { Oracle, type Said } from './oracle.ts'

/**
 * The analyzer against BuildKit's own code. A failure prints its seed, and the smallest input that shows it; mended, that
 * input becomes a case. What `npm test` asks is the same each time: a change is red by its own fault. ORACLE_INPUTS is the
 * number of inputs for a long run, ORACLE_SEED what they are drawn by.
 */
const numRuns = Number(process.env.ORACLE_INPUTS ?? 6000) / 3

let oracle: Oracle
beforeAll(async () => {
  oracle = await Oracle.start()
})
afterAll(() => oracle?.[Symbol.asyncDispose]())

const seed = Number(process.env.ORACLE_SEED ?? 1)
const options = { numRuns, seed, interruptAfterTimeLimit: 3_000_000, markInterruptAsFailure: true }

it.each(cases)('agrees about $name', async ({ name: _name, ...asked }) => {
  const [said] = (await oracle.ask([asked])) as [Said]
  expect([disagreement(asked, said), ignoredOtherwise(asked, said)]).toEqual([undefined, []])
})

it('agrees about one line, and where it is wrong', async () => {
  await fc.assert(
    fc.asyncProperty(oneLine, async (text) => {
      const [said] = (await oracle.ask([{ dockerfile: text }])) as [Said]
      expect(disagreement({ dockerfile: text }, said, true)).toBeUndefined()
    }),
    options,
  )
}, 3_600_000)

it('agrees about stages, names, bases, values, lines, and what .dockerignore leaves out', async () => {
  await fc.assert(
    fc.asyncProperty(dockerfile, question, ignoring, async (text, more, ignored) => {
      const asked = { dockerfile: text, ...more, ...ignored }
      const [said] = (await oracle.ask([asked])) as [Said]
      expect(disagreement(asked, said)).toBeUndefined()
      expect(ignoredOtherwise(asked, said)).toEqual([])
    }),
    options,
  )
}, 3_600_000)

it('agrees about which steps are other ones after an edited instruction', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(dockerfile, steps),
      question,
      rewrite,
      fc.nat(),
      async (text, more, edit, at) => {
        const asked = { dockerfile: text, ...more }
        const [before] = (await oracle.ask([asked])) as [Said]
        const all = before.instructions ?? []
        const edited = all[at % all.length]
        if (!edited || text.includes('\r')) return
        const { line, endLine } = edited
        const lines = text.split('\n')
        const now = edit(lines.slice(line - 1, endLine).join('\n'))
        // What comes after it stays on its line.
        if (now.split('\n').length !== endLine - line + 1) return
        const changed = {
          ...asked,
          dockerfile: lines.toSpliced(line - 1, endLine - line + 1, now).join('\n'),
        }
        const [after] = (await oracle.ask([changed])) as [Said]
        expect(wronglyPredicted(asked, { line, text: now }, before, after)).toBeUndefined()
      },
    ),
    options,
  )
}, 3_600_000)
