import { join } from 'node:path'
import { Attempt } from './attempt.ts'
import { see } from './facts/index.ts'
import type { Loaded } from './load.ts'
import { words } from './messages/words.ts'
import type { Lang } from './model.ts'
import { sizeText } from './text.ts'

/** What the learner changed, in figures: at the start, now, and the reference of apps/ where it is built. */
export async function outcome(
  { exercise, folder: source }: Loaded,
  folder: string,
  lang: Lang,
  signal?: AbortSignal,
): Promise<string[]> {
  const { compare } = exercise
  if (!compare) return []
  const figureIn = async (path: string) => {
    await using attempt = new Attempt({ exercise, folder: path, signal })
    try {
      const { sees: fact, of } = compare
      const { figures } = await see(attempt, { fact, ...(of && { of }) })
      return String(figures.value) || words[lang].nothing
    } catch {
      // A start may be one that cannot be built.
      return '–'
    }
  }
  const before = await figureIn(join(source, 'start'))
  const lines = [words[lang].figure(compare.sees, before, await figureIn(folder))]
  if (!compare.sees.startsWith('size.')) return lines
  const { findImage, readLocalImage } = await import('@stagecraft/engine')
  const image = `stagecraft/${compare.image}`
  if (!(await findImage(image))) return lines
  const { unpackedBytes, compressedBytes } = await readLocalImage(image, { signal })
  const bytes = compare.sees === 'size.pull' ? compressedBytes : unpackedBytes
  return compare.sees === 'size.added'
    ? lines
    : [...lines, words[lang].reference(compare.image, sizeText(bytes))]
}
