import type { Budget } from './budget.ts'
import { DockerfileError } from './errors.ts'
import { ExpansionError, expand, unknown } from './expand.ts'
import { checkPlain, readAssignments, readFrom, readText } from './instructions.ts'
import { errorAt, type Parsed, shorten } from './parse.ts'
import { type Scope, scopeOnImage, scopeOnScratch, scopeOnStage, setVariable, variable } from './scope.ts'
import { type Origin, readStep, type Step } from './step.ts'

interface BuiltStage {
  name?: string
  from: { stage: number } | { image: string } | { scratch: true }
  platform?: string
  /** Index of its `FROM` among the instructions, and of what follows its last. */
  first: number
  end: number
  /** The stages and images that its instructions name, in their order. */
  uses: { origin: Exclude<Origin, { context: true }>; instruction: number }[]
  /** The target needs it. */
  reached: boolean
  /** It begins on an image, if through other stages. */
  onImage: boolean
}

/** A Dockerfile with its variables filled in. Lists go by the index of the instruction. */
export interface Build {
  stages: readonly BuiltStage[]
  target: number
  /** The step that an instruction is, if it is one. */
  steps: readonly (Step | undefined)[]
  /** What an `ENV` or `ARG` sets. */
  sets: readonly (ReadonlyMap<string, string> | undefined)[]
}

/** @see https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope */
const platform = {
  BUILDPLATFORM: 'linux/amd64',
  BUILDOS: 'linux',
  BUILDARCH: 'amd64',
  BUILDVARIANT: '',
  TARGETPLATFORM: 'linux/amd64',
  TARGETOS: 'linux',
  TARGETARCH: 'amd64',
  TARGETVARIANT: '',
}

export interface BuildOptions {
  target: string | undefined
  /** Build arguments; they may name another platform than linux/amd64 too. */
  args: Readonly<Record<string, string>>
  /** The escape character of the Dockerfile. */
  escapeWith: string
  budget: Budget
  /** Index of an instruction that says something else now, nobody knows what. */
  edited?: number | undefined
}

/** A build while it is read: what the instructions so far have set. */
interface Reading extends BuildOptions {
  stages: BuiltStage[]
  /** The numbers of the stages so far, by name; of a name that is there twice, the later one. */
  numbers: Map<string, number>
  /** The same for the whole Dockerfile. */
  allNumbers: ReadonlyMap<string, number>
  stageCount: number
  /** Arguments from before the first `FROM`. */
  globals: Map<string, string>
  /** The scope at the end of each stage. */
  scopes: Scope[]
}

/**
 * Fills in variables and finds what each instruction runs, on what, and with files from where.
 * @throws DockerfileError
 */
export function readBuild(instructions: readonly Parsed[], options: BuildOptions): Build {
  const { args, budget, edited } = options
  const froms = instructions.filter(({ keyword }) => keyword === 'FROM').map(readFrom)
  if (froms.length === 0)
    throw new DockerfileError('syntax', 'The Dockerfile has no FROM: there is no stage to build')
  const reading: Reading = {
    ...options,
    stages: [],
    numbers: new Map(),
    allNumbers: new Map(froms.flatMap(({ name }, number) => (name ? [[name, number]] : []))),
    stageCount: froms.length,
    globals: new Map(Object.entries(platform).map(([name, value]) => [name, argument(args, name) ?? value])),
    scopes: [],
  }
  const steps: (Step | undefined)[] = new Array(instructions.length)
  const sets: (ReadonlyMap<string, string> | undefined)[] = new Array(instructions.length)

  for (const [index, instruction] of instructions.entries()) {
    budget.spend(1)
    const { keyword } = instruction
    const scope = reading.scopes.at(-1)
    if (keyword === 'FROM') beginStage(index, instruction, reading)
    else if (keyword === 'ARG' || keyword === 'ENV') {
      const values = assignments(instruction, scope, reading)
      sets[index] = index === edited ? new Map([...values.keys()].map((name) => [name, unknown])) : values
      for (const [name, value] of sets[index]) {
        if (scope) setVariable(scope, name, value)
        else reading.globals.set(name, value)
      }
    } else if (!scope) {
      throw errorAt(instruction, 'syntax', `${keyword} comes before the first FROM, where only ARG may be`)
    } else steps[index] = withinStage(index, instruction, scope, reading)
    const stage = reading.stages.at(-1)
    if (stage) stage.end = index + 1
  }

  const target = stageNumber(options.target, reading)
  reach(reading.stages, target)
  return { stages: reading.stages, target, steps, sets }
}

const argument = (args: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(args, name) ? args[name] : undefined

type Fill = (word: string, how?: { raw?: boolean }) => string

/** Fills in the variables of `instruction`: those of the stage, or before the first `FROM` and in it, the global ones. */
function filler(
  instruction: Parsed,
  scope: Scope | undefined,
  { globals, escapeWith, budget }: Reading,
): Fill {
  const lookup = (name: string) => (scope ? variable(scope, name) : globals.get(name))
  return (word, { raw = false } = {}) => {
    budget.spend(word.length >> 4)
    try {
      const text = expand(word, lookup, { raw, escapeWith })
      budget.spend(text.length)
      return text
    } catch (error) {
      if (!(error instanceof ExpansionError)) throw error
      throw errorAt(instruction, 'syntax', `${shorten(word)}: ${error.message}`, word)
    }
  }
}

function beginStage(index: number, instruction: Parsed, reading: Reading): void {
  const { stages, numbers, scopes, edited, budget } = reading
  const { image: word, name, platform } = readFrom(instruction)
  const fill = filler(instruction, undefined, reading)
  const image = index === edited ? unknown : fill(word)
  const base = numbers.get(image)
  if (image === '')
    throw errorAt(instruction, 'syntax', `${shorten(word)} is empty: nothing gives it a value`, word)
  if (base === undefined && hasCapitals(image))
    throw errorAt(
      instruction,
      'syntax',
      `${shorten(image)} names no stage, and an image is in lower case`,
      word,
    )

  const scratch = image === 'scratch'
  const below = base === undefined ? undefined : scopes[base]
  const scope = below ? scopeOnStage(below, budget) : scratch ? scopeOnScratch() : scopeOnImage()
  const from = base !== undefined ? { stage: base } : scratch ? { scratch: true as const } : { image }
  if (name) numbers.set(name, stages.length)
  scopes.push(scope)
  stages.push({
    ...(name && { name }),
    from,
    ...(platform !== undefined && { platform: fill(platform) }),
    first: index,
    end: index + 1,
    uses: 'scratch' in from ? [] : [{ origin: from, instruction: index }],
    reached: false,
    onImage: scope.onImage,
  })
}

/** Whether the path of an image reference has capitals, which a host before it and a tag after it may have. */
const hasCapitals = (image: string): boolean =>
  /[A-Z]/.test(image.replace(/[:@][^/]*$/, '').replace(/^[^/]*[.:][^/]*\//, ''))

function assignments(instruction: Parsed, scope: Scope | undefined, reading: Reading): Map<string, string> {
  const fill = filler(instruction, scope, reading)
  const values = new Map<string, string>()
  for (const [name, word] of readAssignments(instruction)) {
    if (instruction.keyword === 'ENV') values.set(fill(name), fill(word ?? ''))
    else {
      const given = argument(reading.args, name)
      const value = given ?? (word === undefined ? reading.globals.get(name) : fill(word))
      if (value !== undefined) values.set(name, value)
    }
  }
  return values
}

function withinStage(index: number, instruction: Parsed, scope: Scope, reading: Reading): Step | undefined {
  const fill = filler(instruction, scope, reading)
  const edited = index === reading.edited
  const stage = reading.stages.length - 1
  switch (instruction.keyword) {
    case 'USER':
      scope.user = edited ? unknown : fill(readText(instruction))
      return undefined
    case 'SHELL':
      checkPlain(instruction)
      scope.shell = edited ? unknown : instruction.rest
      return undefined
    case 'RUN':
    case 'COPY':
    case 'ADD':
    case 'WORKDIR':
      return readStep(instruction, {
        stage,
        scope,
        fill,
        budget: reading.budget,
        edited,
        origin(name) {
          const origin = originOf(name, instruction, reading)
          reading.stages[stage]?.uses.push({ origin, instruction: index })
          return origin
        },
      })
    default:
      checkPlain(instruction)
      return undefined
  }
}

/** What `--from=name` means: a stage above, by name or number, or else an image. */
function originOf(
  name: string,
  instruction: Parsed,
  { stages, numbers, allNumbers, stageCount }: Reading,
): Exclude<Origin, { context: true }> {
  const wanted = name.toLowerCase()
  const number = /^\d+$/.test(name) ? Number(name) : (numbers.get(wanted) ?? allNumbers.get(wanted))
  if (number === undefined) return { image: name }
  const own = stages.length - 1
  if (number < own) return { stage: number }
  const called = shorten(name)
  if (number === own)
    throw errorAt(instruction, 'cycle', `The stage ${called} cannot take files from itself`, name)
  const message =
    number < stageCount
      ? `The stage ${called} comes later: files come from a stage above`
      : `There is no stage ${called}: the last one is ${stageCount - 1}`
  throw errorAt(instruction, 'unknown-stage', message, name)
}

function stageNumber(target: string | undefined, { stages, numbers }: Reading): number {
  if (target === undefined || target === '') return stages.length - 1
  const number = numbers.get(target.toLowerCase()) ?? (/^\d+$/.test(target) ? Number(target) : -1)
  if (number >= 0 && number < stages.length) return number
  const known = [...numbers.keys()].slice(0, 20).join(', ')
  throw new DockerfileError(
    'unknown-target',
    `There is no stage ${shorten(target)} to build. ${known ? `There are ${known}` : `They have no names: there are 0 to ${stages.length - 1}`}`,
  )
}

function reach(stages: readonly BuiltStage[], target: number): void {
  const waiting = [target]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const stage = stages[next] as BuiltStage
    if (stage.reached) continue
    stage.reached = true
    for (const { origin } of stage.uses) if ('stage' in origin) waiting.push(origin.stage)
  }
}
