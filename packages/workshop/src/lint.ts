import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { analyze, DockerfileError } from '@stagecraft/dockerfile'
import { Compile } from 'typebox/schema'
import { askedIn } from './conditions.ts'
import { facts } from './facts/index.ts'
import { langs } from './lang.ts'
import type { Loaded } from './load.ts'
import { type Asked, type Exercise, ExerciseSchema } from './model.ts'
import { codeBlocksOf, hashOf, placeholdersOf, type Text } from './text.ts'
import { openVariant, variantsOf } from './try.ts'

export interface Problem {
  /** Relative to the folder of the exercise. */
  file: string
  problem: string
  next: string
}

const schema = Compile(ExerciseSchema)
const testNames = ['is', 'not', 'atMost', 'atLeast', 'includes', 'excludes', 'matches', 'empty']
/** What a check is called that every exercise has. */
const implicit = ['missing', 'empty', 'encoding', 'line-ends', 'syntax', 'target', 'base', 'builds']

/** What is wrong with an exercise, without building anything. */
export async function lint(loaded: Loaded, slugs: readonly string[]): Promise<Problem[]> {
  const shape = shapeProblems(loaded.exercise)
  // What follows reads what the schema promises.
  if (shape.length > 0) return shape
  return [
    ...exerciseProblems(loaded, slugs),
    ...textProblems(loaded),
    ...(await folderProblems(loaded)),
    ...(await linkProblems(loaded)),
  ]
}

function shapeProblems(exercise: Exercise): Problem[] {
  const [, errors] = schema.Errors(exercise)
  return errors.slice(0, 10).map(({ instancePath, message }) => ({
    file: 'exercise.yaml',
    problem: `${instancePath || 'the whole'}: ${message}`,
    next: 'docs/workshop.md has the fields.',
  }))
}

function exerciseProblems({ exercise, folder }: Loaded, slugs: readonly string[]): Problem[] {
  const problems: Problem[] = []
  const add = (problem: string, next: string) => problems.push({ file: 'exercise.yaml', problem, next })
  const { slug, checks, mistakes, predict = [], needs = [], start } = exercise
  const known = [...checks.map(({ id }) => id), ...implicit]
  if (!folder.endsWith(`/${slug}`))
    add(`The slug is ${slug}, the folder another.`, 'The slug is the name of the folder.')
  for (const id of duplicates([...checks, ...mistakes].map(({ id }) => id)))
    add(`The ID ${id} is there twice.`, 'Rename one.')
  for (const id of duplicates(predict.map(({ id }) => id)))
    add(`The question ${id} is there twice.`, 'Rename one.')
  for (const need of needs)
    if (!slugs.includes(need)) add(`It needs ${need}, which is no exercise.`, 'Mend `needs`.')
  if (![...known, ...mistakes.map(({ id }) => id)].includes(start))
    add(`The start fails with ${start}, which is neither a mistake nor a check.`, 'Mend `start`.')
  for (const { id, check } of mistakes)
    if (check !== undefined && !known.includes(check))
      add(`The mistake ${id} is about the check ${check}, which is none.`, `There are: ${known.join(', ')}.`)
  for (const each of checks) {
    const fact = facts[each.fact]
    if (fact?.mistakesOnly && each.fact !== 'predicted')
      add(
        `The check ${each.id} is about how something is written.`,
        'Any right answer passes: check what it does.',
      )
  }
  let tier = 0
  for (const { id, fact } of checks) {
    const own = facts[fact]?.tier ?? 0
    if (own < tier) add(`The check ${id} is cheaper than the one before it.`, 'Put the cheapest first.')
    tier = Math.max(tier, own)
  }
  for (const asked of [...checks, ...mistakes.flatMap(({ when }) => askedIn(when))]) {
    problems.push(...factProblems(asked))
    const tests = testNames.filter((name) => name in asked)
    if (tests.length !== 1)
      add(`${asked.fact} has ${tests.length} tests.`, `It needs one of ${testNames.join(', ')}.`)
  }
  for (const question of predict) problems.push(...factProblems(question))
  return problems
}

function factProblems({ fact, of = {} }: Asked): Problem[] {
  const file = 'exercise.yaml'
  const known = facts[fact]
  if (!known)
    return [{ file, problem: `There is no fact ${fact}.`, next: 'docs/workshop-facts.md lists them.' }]
  return Object.keys(of)
    .filter((key) => !known.takes.includes(key as keyof typeof of))
    .map((key) => ({
      file,
      problem: `The fact ${fact} takes no ${key}.`,
      next: known.takes.length > 0 ? `It takes ${known.takes.join(', ')}.` : 'It takes nothing.',
    }))
}

/** The sections that an exercise must have, by its data. */
function sectionsOf({ predict = [], checks, mistakes }: Exercise): string[] {
  return [
    'brief',
    ...predict.flatMap(({ id }) => [`predict:${id}`, `predicted:${id}`]),
    ...checks.map(({ id }) => `check:${id}`),
    ...mistakes.map(({ id }) => `mistake:${id}`),
    'hint-1',
    'hint-2',
    'hint-3',
    'debrief',
    'instructor',
  ]
}

function textProblems({ exercise, text }: Loaded): Problem[] {
  const problems: Problem[] = []
  const wanted = sectionsOf(exercise)
  for (const lang of langs) {
    const file = `${lang}.md`
    const names = [...text[lang].sections.keys()]
    const add = (problem: string, next: string) => problems.push({ file, problem, next })
    if (text[lang].title === '') add('It has no title.', 'Begin it with `# Title`.')
    for (const name of wanted)
      if (!text[lang].sections.get(name)?.text)
        add(`The section ${name} is missing or empty.`, `Add \`## ${name}\`.`)
    for (const name of names)
      if (!wanted.includes(name)) add(`The section ${name} belongs to nothing.`, 'Rename or delete it.')
  }
  return [...problems, ...translationProblems(text.en, text.es)]
}

function translationProblems(en: Text, es: Text): Problem[] {
  const problems: Problem[] = []
  for (const [name, { text }] of en.sections) {
    const translated = es.sections.get(name)
    if (!translated) continue
    const add = (problem: string, next: string) =>
      problems.push({ file: 'es.md', problem: `${name}: ${problem}`, next })
    const hash = hashOf(text)
    if (translated.madeOf !== hash)
      add(
        translated.madeOf
          ? 'the English text has changed since.'
          : 'it does not say which English text it is made of.',
        `Translate it anew, then put <!-- en: ${hash} --> at its beginning (lint --fix does where there is none).`,
      )
    if (placeholdersOf(text).join() !== placeholdersOf(translated.text).join())
      add('its placeholders are others.', `The English ones: ${placeholdersOf(text).join(', ') || 'none'}.`)
    if (codeBlocksOf(text).join('\n') !== codeBlocksOf(translated.text).join('\n'))
      add('its code blocks are others.', 'They are the same in both languages, byte for byte.')
  }
  return problems
}

async function folderProblems(loaded: Loaded): Promise<Problem[]> {
  const { exercise, folder } = loaded
  const problems: Problem[] = []
  const add = (file: string, problem: string, next: string) => problems.push({ file, problem, next })
  const variants = await variantsOf(loaded)
  const mistakes = variants.filter(({ kind }) => kind === 'mistake').map(({ id }) => id)
  const file = exercise.build?.file ?? 'Dockerfile'
  const builds = existsSync(join(folder, 'start', file))
  if (!existsSync(join(folder, 'start')))
    add('start', 'There is no start.', 'It is what a learner begins with.')
  if (!existsSync(join(folder, 'solution')))
    add('solution', 'There is no solution.', 'It is laid over start.')
  for (const { id } of exercise.mistakes)
    if (!mistakes.includes(id) && id !== exercise.start)
      add(`mistakes/${id}`, `Nothing shows the mistake ${id}.`, 'Add a folder that makes it.')
  for (const id of mistakes)
    if (![...exercise.mistakes, ...exercise.checks].some((each) => each.id === id))
      add(`mistakes/${id}`, `No mistake and no check is called ${id}.`, 'Rename the folder.')
  if (builds) {
    if (variants.filter(({ kind }) => kind === 'alternative').length < 2)
      add('alternatives', 'There are fewer than two.', 'Other right answers show that the checks take them.')
    if (mistakes.length < 5) add('mistakes', 'There are fewer than five.', 'What do people get wrong?')
    problems.push(...(await baseProblems(loaded)))
  }
  return problems
}

/** What start and solution use is what is said to be needed; nothing is said to be needed that no variant uses. */
async function baseProblems(loaded: Loaded): Promise<Problem[]> {
  const { exercise } = loaded
  const { file = 'Dockerfile', args = {}, target } = exercise.build ?? {}
  const needed = new Set<string>()
  const used = new Set<string>()
  for (const variant of await variantsOf(loaded)) {
    await using copy = await openVariant(loaded, variant)
    const text = await readFile(join(copy.path, file), 'utf8').catch(() => '')
    try {
      const { edges, stages } = analyze(text, { args, ...(target && { target }) })
      for (const { from, to } of edges) {
        if (!('image' in from) || !stages[to.stage]?.reached || from.image === 'scratch') continue
        used.add(from.image)
        if (variant.kind === 'start' || variant.kind === 'solution') needed.add(from.image)
      }
    } catch (error) {
      // A start or a mistake may be one that cannot be read.
      if (!(error instanceof DockerfileError)) throw error
    }
  }
  const { bases } = exercise.offline
  const problem = (what: string) => ({
    file: 'exercise.yaml',
    problem: what,
    next: '`offline.bases` is what a room has to have before it begins.',
  })
  return [
    ...[...needed]
      .filter((name) => !bases.includes(name))
      .map((name) => problem(`${name} is used and not in offline.bases.`)),
    ...bases
      .filter((name) => !used.has(name))
      .map((name) => problem(`${name} is in offline.bases and not used.`)),
  ]
}

/** Links to files of the repository lead somewhere. */
async function linkProblems({ folder, text }: Loaded): Promise<Problem[]> {
  return langs.flatMap((lang) =>
    [...text[lang].sections.values()].flatMap((section) =>
      Array.from(section.text.matchAll(/\]\((\.{1,2}\/[^)#]+)/g), ([, path = '']) => path)
        .filter((path) => !existsSync(resolve(folder, path)))
        .map((path) => ({ file: `${lang}.md`, problem: `${path} is not there.`, next: 'Mend the link.' })),
    ),
  )
}

const duplicates = (ids: readonly string[]) => [
  ...new Set(ids.filter((id, index) => ids.indexOf(id) !== index)),
]

/** Marks each Spanish section that has no mark yet with the English text that it is made of. @returns how many */
export async function markTranslation({ folder, text }: Loaded): Promise<number> {
  const path = join(folder, 'es.md')
  let source = await readFile(path, 'utf8')
  let marked = 0
  for (const [name, { madeOf }] of text.es.sections) {
    const english = text.en.sections.get(name)?.text
    if (madeOf || english === undefined) continue
    source = source.replace(`## ${name}\n`, () => `## ${name}\n\n<!-- en: ${hashOf(english)} -->\n`)
    marked++
  }
  if (marked > 0) await writeFile(path, source)
  return marked
}
