import { posix } from 'node:path'
import type { Analysis, Change, Edge, Instruction, Note, Question, Stage } from './analysis.ts'
import { type Budget, newBudget } from './budget.ts'
import { readBuild } from './build.ts'
import { DockerfileError } from './errors.ts'
import { unknown } from './expand.ts'
import type { Touched } from './files.ts'
import { isIgnored, mayHoldExceptions, readIgnore } from './ignore.ts'
import { readAssignments } from './instructions.ts'
import { type Parsed, parse, shorten } from './parse.ts'
import { isWithin, trim } from './paths.ts'
import { predict } from './predict.ts'
import type { Build } from './reading.ts'
import { remote } from './step.ts'

/**
 * Reads a Dockerfile, and says which of its instructions run again after what changed.
 * Text alone decides: nothing is built, no file is read, no image is asked.
 * @throws DockerfileError with the place where the text is wrong, or for a question that has no answer
 */
export function analyze(text: string, question: Question = {}): Analysis {
  const { target, args = {}, changed = [], links = {} } = question
  const budget = newBudget()
  const { instructions, escapeWith } = parse(text)
  const before = readBuild(instructions, { target, args, escapeWith, budget })
  const edits = changed.filter(isA('instruction'))
  if (edits.length > 1)
    throw new DockerfileError('unknown-change', 'Only one instruction can change at a time')
  const [edit] = edits
  const edited = edit && indexAt(instructions, edit.instruction)
  const now = edit?.text === undefined ? instructions : withText(instructions, edited as number, edit.text)
  const otherArgs = changedArguments(changed, args, { instructions, escapeWith })
  const after =
    edit || otherArgs
      ? readBuild(now, {
          target,
          args: { ...args, ...otherArgs },
          escapeWith,
          budget,
          edited: edit?.text === undefined ? edited : undefined,
        })
      : before
  const verdicts = predict({
    instructions: now,
    before,
    after,
    edited,
    context: changedFiles(changed, question, budget),
    links: Object.keys(links).length > 0,
    images: changedImages(changed, before),
    budget,
  })
  let stage = -1
  return {
    target: before.target,
    stages: before.stages.map(
      ({ name, from, first, reached }, index): Stage => ({
        index,
        ...(name && { name }),
        from,
        line: (instructions[first] as Parsed).line,
        reached,
      }),
    ),
    edges: edgesOf(before, instructions),
    instructions: instructions.map(({ line, endLine, keyword, text }, index): Instruction => {
      if (keyword === 'FROM') stage++
      return { line, endLine, keyword, text, ...(stage >= 0 && { stage }), ...verdicts[index] }
    }),
    notes: notesOf(instructions),
  }
}

const isA =
  <K extends string>(key: K) =>
  (change: Change): change is Extract<Change, Record<K, unknown>> =>
    key in change

function indexAt(instructions: readonly Parsed[], line: number): number {
  const index = instructions.findIndex((each) => each.line <= line && line <= each.endLine)
  if (index < 0) throw new DockerfileError('unknown-change', `There is no instruction on line ${line}`)
  return index
}

/** The instructions, one of them with another text. */
function withText(instructions: readonly Parsed[], index: number, text: string): Parsed[] {
  const old = instructions[index] as Parsed
  const { instructions: parsed } = parse(text)
  const [instead] = parsed
  if (!instead || parsed.length > 1 || (instead.keyword === 'FROM') !== (old.keyword === 'FROM'))
    throw new DockerfileError(
      'unknown-change',
      `The new text of line ${old.line} must be one instruction, and FROM stays FROM`,
    )
  return instructions.with(index, { ...instead, line: old.line, endLine: old.endLine })
}

/** The values of build arguments that changed. */
function changedArguments(
  changed: readonly Change[],
  args: Readonly<Record<string, string>>,
  { instructions, escapeWith }: ReturnType<typeof parse>,
): Record<string, string> | undefined {
  const changes = changed.filter(isA('arg'))
  if (changes.length === 0) return undefined
  const names = new Set(
    instructions
      .filter(({ keyword }) => keyword === 'ARG')
      .flatMap((each) => readAssignments(each, escapeWith).map(([name]) => name)),
  )
  return Object.fromEntries(
    changes.map(({ arg, value }) => {
      if (!names.has(arg)) throw new DockerfileError('unknown-change', `There is no ARG ${shorten(arg)}`)
      return [arg, value ?? `${Object.hasOwn(args, arg) ? args[arg] : ''}${unknown}`]
    }),
  )
}

function changedImages(changed: readonly Change[], { stages }: Build): Set<string> {
  const known = new Set(
    stages.flatMap(({ uses }) => uses.flatMap(({ origin }) => ('image' in origin ? [origin.image] : []))),
  )
  const bases = changed.filter(isA('base')).map(({ base }) => base)
  const wrong = bases.find((base) => !known.has(base))
  if (wrong !== undefined)
    throw new DockerfileError(
      'unknown-change',
      `No instruction names the image ${shorten(wrong)}. ${known.size > 0 ? `There are ${[...known].slice(0, 20).join(', ')}` : 'There are none'}`,
    )
  return new Set(bases)
}

/** The changed files that the build sees, again under the names of the links that lead to them. */
function changedFiles(
  changed: readonly Change[],
  { dockerignore = '', links = {} }: Question,
  budget: Budget,
): Touched[] {
  const rules = readIgnore(dockerignore, budget)
  const real = Object.entries(links).map(
    ([link, to]) => [pathOf(link), pathOf(posix.join(posix.dirname(link), to))] as const,
  )
  return changed.filter(isA('path')).flatMap(({ path: text, what = 'content' }): Touched[] => {
    const path = pathOf(text)
    // Checksums do not hold times.
    if (what === 'time') return []
    // It may let anything in, or leave anything out, itself included.
    if (what === 'content' && isIgnoreFile(path)) return [{ path: '', certain: false }]
    budget.spend(real.length + (path.length >> 3))
    const ignored = isIgnored(rules, path, budget)
    if (ignored && !mayHoldExceptions(rules, path, budget)) return []
    const touched: Touched = { path, certain: !ignored, ...(what === 'mode' && { mode: true }) }
    const through = real.filter(([, to]) => isWithin(path, to))
    return [
      touched,
      ...through.map(([link, to]) => ({ ...touched, path: link + path.slice(to.length), link })),
    ]
  })
}

/** `.dockerignore`, or one that belongs to a Dockerfile and is named after it. */
const isIgnoreFile = (path: string): boolean => path === '.dockerignore' || /[^/]\.dockerignore$/.test(path)

/** @throws DockerfileError `unknown-change` for a path that is not in the context */
function pathOf(text: string): string {
  const path = trim(posix.normalize(trim(text)))
  if (text === '' || path === '.' || path === '..' || path.startsWith('../') || path.includes('\0'))
    throw new DockerfileError(
      'unknown-change',
      `${shorten(JSON.stringify(text))} is no path in the build context`,
    )
  return path
}

function edgesOf({ stages }: Build, instructions: readonly Parsed[]): Edge[] {
  return stages.flatMap(({ uses }, stage) =>
    uses.map(({ origin, instruction }) => {
      const { keyword, line } = instructions[instruction] as Parsed
      return { from: origin, to: { stage }, by: keyword as Edge['by'], line }
    }),
  )
}

const notes: { on: (instruction: Parsed) => boolean; text: string }[] = [
  {
    on: ({ keyword }) => keyword === 'ONBUILD',
    text: 'ONBUILD is not followed: it acts in builds on top of this image, as those of the base image act here',
  },
  {
    on: ({ keyword, rest }) => keyword === 'ADD' && remote.test(rest),
    text: 'BuildKit asks the server at each build whether this has changed; nobody can tell from here',
  },
]

function notesOf(instructions: readonly Parsed[]): Note[] {
  return instructions.flatMap((instruction) =>
    notes.filter(({ on }) => on(instruction)).map(({ text }) => ({ line: instruction.line, text })),
  )
}
