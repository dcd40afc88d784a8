import { join } from 'node:path'
import { ladderImages } from '../packages/compare/src/ladder.ts'
import { bake, bakeImages, readLocalImages } from '../packages/contract/src/index.ts'
import { interrupt, main, root, SetupError, say } from './process.ts'
import { bases } from './stand-ins/bases.ts'

/** Builds every image and reads it, for the tests: an engine that exports all at once exports what they share once. */
async function readImages(signal: AbortSignal): Promise<void> {
  say('images', 'building')
  await bake(root, ['all', 'ladder'], { signal })
  const own = await bakeImages(root)
  const names = [...bases.map(({ name }) => name), ...own.map(({ image }) => image), ...ladderImages]
  say('images', `reading ${names.length}`)
  await readLocalImages(names, join(root, '.cache/layers'), signal)
}

await main(async () => {
  await readImages(interrupt.signal).catch((error: Error) => {
    throw new SetupError(error.message, 'No image was tested. Mend this, then run: npm test')
  })
})
