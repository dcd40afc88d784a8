import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTwoFilesPatch } from 'diff'
import { WorkshopError } from '../errors.ts'
import { copyFolder, listFolder, overlay } from '../folder.ts'
import type { Loaded } from '../load.ts'
import { words } from '../messages/words.ts'
import { say, sayMarkdown, style } from '../print.ts'
import { writeProgress } from '../progress.ts'
import { type Common, current, langOf } from '../session.ts'
import { hintCount } from './check.ts'

/** The next hint. */
export async function hint(slug: string | undefined, options: Common): Promise<void> {
  const { loaded, progress } = await current(slug)
  const lang = langOf(options)
  const number = Math.min(progress.hints + 1, hintCount)
  const text = loaded.text[lang].sections.get(`hint-${number}`)?.text ?? ''
  const last = progress.hints >= hintCount
  await writeProgress({ ...progress, hints: number })
  if (options.json) return say(JSON.stringify({ number, of: hintCount, text }))
  say(style('bold', words[lang].hint(number, hintCount)))
  sayMarkdown(text)
  if (last) say(`\n${words[lang].noHints}`)
}

/** The way from the learner's files to one solution. */
export async function solution(
  slug: string | undefined,
  options: Common & { instructor?: true },
): Promise<void> {
  const { loaded, progress } = await current(slug)
  const lang = langOf(options)
  const earned =
    progress.passed || (progress.failed > 0 && (progress.hints >= hintCount || progress.failed >= 3))
  if (!earned && !options.instructor)
    throw new WorkshopError('not-yet', words[lang].solutionFirst, words[lang].solutionNext)
  const patch = await solutionPatch(loaded, progress.folder)
  if (options.json) return say(JSON.stringify({ patch }))
  if (patch === '') return say(words[lang].sameAsSolution)
  say(words[lang].solutionIs)
  for (const line of patch.trimEnd().split('\n'))
    say(line.startsWith('+') ? style('green', line) : line.startsWith('-') ? style('red', line) : line)
}

/** A patch from a folder to start with the solution over it; empty if there is no difference. */
export async function solutionPatch({ folder: source }: Loaded, folder: string): Promise<string> {
  await using copy = await copyFolder(join(source, 'start'))
  await overlay(join(source, 'solution'), copy.path)
  const paths = [...(await listFolder(copy.path)), ...(await listFolder(folder))].map(({ path }) => path)
  const read = (from: string, path: string) => readFile(join(from, path), 'utf8').catch(() => '')
  const patches = []
  for (const path of [...new Set(paths)].sort()) {
    const [mine, theirs] = await Promise.all([read(folder, path), read(copy.path, path)])
    if (mine.replaceAll('\r\n', '\n') !== theirs)
      patches.push(createTwoFilesPatch(path, path, mine, theirs).split('\n').slice(1).join('\n'))
  }
  return patches.join('')
}
