import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { block } from '@stagecraft/compare/block'
import { type Ladder, measureLadder, renderLadder, saved } from '@stagecraft/compare/ladder'
import { beforeAll, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const page = join(root, 'docs/base-ladder.md')
let ladder: Ladder

beforeAll(async () => {
  ladder = await measureLadder(root)
})

it('each base is smaller than the one before, in every language', () => {
  for (const [index, { language, base, facts }] of ladder.rungs.entries()) {
    const before = ladder.rungs[index - 1]
    if (before?.language !== language) continue
    expect(facts.unpackedBytes, `${language} on ${base}`).toBeLessThan(before.facts.unpackedBytes)
    expect(facts.compressedBytes, `${language} on ${base}`).toBeLessThan(before.facts.compressedBytes)
  }
})

it('every reduction that the notes promise is beaten', () => {
  for (const { what, percent, from, to } of ladder.promises)
    expect(saved({ from, to }), what).toBeGreaterThan(percent)
})

it('docs/base-ladder.md is up to date; if it is stale: pnpm ladder --update docs/base-ladder.md', async () => {
  // Debian's updates move a base by less than a hundredth; the digits are left out, and held apart.
  const words = (text: string) => text.replaceAll(/[\d.,]+/g, '#').replaceAll(/[ :-]+/g, ' ')
  const numbers = (text: string) =>
    (text.match(/\d[\d.,]*/g) ?? []).map((each) => Number(each.replaceAll(',', '')))
  const [shown, measured] = [block(page, await readFile(page, 'utf8')), renderLadder(ladder)]
  expect(words(shown)).toBe(words(measured))
  for (const [index, value] of numbers(measured).entries())
    expect(Math.abs((numbers(shown)[index] ?? 0) - value)).toBeLessThanOrEqual(0.2 + value * 0.05)
})
