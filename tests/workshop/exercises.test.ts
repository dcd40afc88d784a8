import { root } from '@stagecraft/scripts/process'
import { loadExercises } from '@stagecraft/workshop/load'
import { variantsOf } from '@stagecraft/workshop/try'
import { describe, expect, it } from 'vitest'
import { judge } from './judged.ts'

const all = await loadExercises(root)
const variants = new Map(
  await Promise.all(all.map(async (loaded) => [loaded, await variantsOf(loaded)] as const)),
)

/** Every start, solution, alternative and mistake is built, started and judged as a learner's folder is. */
describe.each(all)('$exercise.slug', (loaded) => {
  describe.concurrent('judges', () => {
    it.each(variants.get(loaded) ?? [])('$kind $id', { retry: 1 }, async (variant) => {
      const { found, expected, said, unfilled } = await judge(loaded, variant)
      expect(found, said).toBe(expected)
      expect(unfilled).toEqual([])
    })
  })
})

it('shows at least seventy mistakes, five of each exercise', () => {
  const counts = [...variants.values()].map((each) => each.filter(({ kind }) => kind === 'mistake').length)
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(5)
  expect(counts.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(70)
})
