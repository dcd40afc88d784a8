import { join } from 'node:path'
import { ladderImages } from '../packages/compare/src/ladder.ts'
import { bake, bakeImages, readLocalImages } from '../packages/contract/src/index.ts'
import { bases } from './bases.ts'
import { main, root, say } from './process.ts'

/** Builds every image and reads it, for the tests: an engine that exports all at once exports what they share once. */
await main(async () => {
  say('images', 'building')
  await bake(root, ['all', 'ladder'])
  const own = await bakeImages(root)
  const names = [...bases.map(({ name }) => name), ...own.map(({ image }) => image), ...ladderImages]
  say('images', `reading ${names.length}`)
  await readLocalImages(names, join(root, '.cache/layers'))
})
