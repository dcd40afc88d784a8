import { root } from '@stagecraft/scripts/process'
import { loadExercises } from '@stagecraft/workshop/load'
import { variantsOf } from '@stagecraft/workshop/try'
import { execa } from 'execa'
import { expect, it } from 'vitest'
import { judge } from './judged.ts'

const { stdout } = await execa('git', ['status', '--porcelain', '-uall', '--', 'workshop'], { cwd: root })
const all = await loadExercises(root)
const changed = all.filter(({ exercise }) => stdout.includes(`workshop/${exercise.slug}/`))

/** Of the exercises, those that differ from the last commit; `npm test -- --all` tries every one. */
it(`judges ${changed.length} changed exercises as it should`, async () => {
  for (const loaded of changed)
    for (const variant of await variantsOf(loaded)) {
      const { found, expected, said } = await judge(loaded, variant)
      expect(`${loaded.exercise.slug} ${variant.id}: ${found}`, said).toBe(
        `${loaded.exercise.slug} ${variant.id}: ${expected}`,
      )
    }
})
