import { existsSync } from 'node:fs'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WorkshopError } from '../errors.ts'
import { explain } from '../explain.ts'
import { listFolder } from '../folder.ts'
import { lint as lintExercise, markTranslation } from '../lint.ts'
import { listSlugs } from '../load.ts'
import { say, style } from '../print.ts'
import { type Common, langOf, openExercise, root } from '../session.ts'
import { tryVariant, variantsOf } from '../try.ts'

const template = join(import.meta.dirname, '../../template')

/** A new exercise that passes lint and test, to be made into another. */
export async function create(slug: string): Promise<void> {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug))
    throw new WorkshopError(
      'usage',
      `"${slug}" is no slug.`,
      'Small letters, digits and hyphens: my-exercise',
    )
  const folder = join(root, 'workshop', slug)
  if (existsSync(folder))
    throw new WorkshopError('exists', `${folder} is there already.`, 'Choose another name.')
  await cp(template, folder, { recursive: true })
  const file = join(folder, 'exercise.yaml')
  await writeFile(file, (await readFile(file, 'utf8')).replace('slug: template', `slug: ${slug}`))
  for (const { path } of await listFolder(folder)) say(`workshop/${slug}/${path}`)
  say(`\nMake it yours by docs/workshop.md, then: pnpm workshop lint ${slug} && pnpm workshop test ${slug}`)
}

/** What is wrong with exercises, without building anything. Exit code 1 if something is. */
export async function lint(slugs: readonly string[], options: Common & { fix?: true }): Promise<void> {
  const all = await listSlugs(root)
  const problems = []
  for (const slug of slugs.length > 0 ? slugs : all) {
    if (options.fix) await markTranslation(await openExercise(slug))
    for (const problem of await lintExercise(await openExercise(slug), all))
      problems.push({ slug, ...problem })
  }
  if (options.json) say(JSON.stringify(problems, undefined, 2))
  else {
    for (const { slug, file, problem, next } of problems)
      say(`${style('red', `workshop/${slug}/${file}`)}: ${problem}\n  ${next}`)
    if (problems.length === 0) say('No problem.')
  }
  if (problems.length > 0) process.exitCode = 1
}

/** Checks start, solution, alternatives and mistakes of exercises. Exit code 1 if one is not judged as it should be. */
export async function test(slugs: readonly string[], options: Common, signal: AbortSignal): Promise<void> {
  const results = []
  for (const slug of slugs.length > 0 ? slugs : await listSlugs(root)) {
    const loaded = await openExercise(slug)
    for (const variant of await variantsOf(loaded)) {
      const { verdict, right, kind, id, expected } = await tryVariant(loaded, variant, signal)
      const found = verdict.diagnosis?.id
      results.push({ slug, kind, id, expected, found, right, seconds: verdict.seconds })
      if (options.json) continue
      const seconds = verdict.remembered ? 'remembered' : `${verdict.seconds.toFixed(1)} s`
      const mark = right ? style('green', 'ok   ') : style('red', 'WRONG')
      say(
        `${mark} ${slug} ${kind === id ? id : `${kind} ${id}`}: ${found ?? 'passes'}  ${style('gray', seconds)}`,
      )
      if (right) continue
      say(`      expected: ${expected ?? 'passes'}`)
      const told = verdict.diagnosis ? explain(loaded, verdict.diagnosis, langOf(options)) : []
      for (const paragraph of told) say(`      ${paragraph.replaceAll('\n', '\n      ')}`)
    }
  }
  if (options.json) say(JSON.stringify(results, undefined, 2))
  const wrong = results.filter(({ right }) => !right).length
  if (!options.json) say(`\n${results.length - wrong} as they should be, ${wrong} not`)
  if (wrong > 0 || results.length === 0) process.exitCode = 1
}
