import { DockerfileError, ExpansionError } from './errors.ts'
import { expand, isUnknown, unknown } from './expand.ts'
import { checkPlain, readAssignments, readCopy, readFrom, readRun, readText } from './instructions.ts'
import { mountFrom } from './mount.ts'
import { errorAt, jsonStrings, type Parsed, shorten } from './parse.ts'
import { checkValues } from './plain.ts'
import type { Build, BuildOptions, Reading } from './reading.ts'
import { isPlatform, normalizePlatform } from './reference.ts'
import { type Scope, scopeOnImage, scopeOnScratch, scopeOnStage, setVariable, variable } from './scope.ts'
import { checkImages, findSources, originOf, reach } from './sources.ts'
import { readStep, type Step } from './step.ts'

/** @see https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope */
const platform = {
  BUILDPLATFORM: 'linux/amd64',
  BUILDOS: 'linux',
  BUILDOSVERSION: '',
  BUILDARCH: 'amd64',
  BUILDVARIANT: '',
  TARGETPLATFORM: 'linux/amd64',
  TARGETOS: 'linux',
  TARGETOSVERSION: '',
  TARGETARCH: 'amd64',
  TARGETVARIANT: '',
}

/**
 * Fills in variables and finds what each instruction runs, on what, and with files from where. As BuildKit does, it
 * reads every instruction, but looks at what variables make of it only in the stages that the target needs.
 * @see https://github.com/moby/buildkit/blob/v0.25.0/frontend/dockerfile/dockerfile2llb/convert.go toDispatchState
 * @throws DockerfileError
 */
export function readBuild(instructions: readonly Parsed[], options: BuildOptions): Build {
  const { args, budget, edited } = options
  const last = instructions.findLast(({ keyword }) => keyword === 'FROM')
  if (!last) throw new DockerfileError('syntax', 'The Dockerfile has no FROM: there is no stage to build')
  const target = options.target || readFrom(last).name || 'default'
  const defaults = Object.entries({ ...platform, TARGETSTAGE: target })
  const reading: Reading = {
    ...options,
    instructions,
    stages: [],
    numbers: new Map(),
    globals: new Map(defaults.map(([name, value]) => [name, argument(args, name) ?? value])),
  }
  const steps: (Step | undefined)[] = new Array(instructions.length)
  const sets: (ReadonlyMap<string, string> | undefined)[] = new Array(instructions.length)
  let started = false
  for (const instruction of instructions) {
    budget.spend(1)
    started ||= instruction.keyword === 'FROM'
    check(instruction, started, options.escapeWith)
  }
  for (const [index, instruction] of instructions.entries()) {
    if (instruction.keyword === 'FROM') beginStage(index, instruction, reading)
    const stage = reading.stages.at(-1)
    if (stage) stage.end = index + 1
    else sets[index] = setArguments(index, reading)
  }
  findSources(reading)
  checkImages(reading)
  const wanted = stageNumber(options.target, reading)
  reach(reading.stages, wanted)

  const scopes: Scope[] = []
  for (const [number, stage] of reading.stages.entries()) {
    const { from, first, end, reached } = stage
    const below = 'stage' in from ? scopes[from.stage] : undefined
    const scope = below ? scopeOnStage(below, budget) : 'scratch' in from ? scopeOnScratch() : scopeOnImage()
    scopes.push(scope)
    if (!reached) continue
    for (let index = first + 1; index < end; index++) {
      const instruction = instructions[index] as Parsed
      if (instruction.keyword === 'ARG' || instruction.keyword === 'ENV') {
        sets[index] = setVariables(instruction, scope, { ...reading, isEdited: index === edited })
      } else steps[index] = withinStage(index, instruction, { stage: number, scope, reading })
    }
  }
  return { stages: reading.stages, target: wanted, steps, sets }
}

/** Whether an instruction is one, whatever its variables hold. */
function check(instruction: Parsed, started: boolean, escapeWith: string): void {
  const { keyword } = instruction
  if (keyword === 'ARG' || keyword === 'ENV') readAssignments(instruction, escapeWith)
  else if (keyword === 'FROM') readFrom(instruction)
  else if (keyword === 'COPY' || keyword === 'ADD') readCopy(instruction)
  else if (keyword === 'RUN') {
    for (const mount of readRun(instruction).mounts) mountFrom(instruction, mount)
  } else if (keyword === 'WORKDIR' || keyword === 'USER') readText(instruction)
  else checkPlain(instruction, escapeWith)
  if (!started && keyword !== 'ARG')
    throw errorAt(instruction, 'syntax', `${keyword} comes before the first FROM, where only ARG may be`)
}

const argument = (args: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(args, name) ? args[name] : undefined

type Fill = (word: string, how?: { raw?: boolean }) => string

/** Fills in variables by their names. */
function filler(
  instruction: Parsed,
  lookup: (name: string) => string | undefined,
  { escapeWith, budget }: Pick<Reading, 'escapeWith' | 'budget'>,
): Fill {
  const spend = (steps: number) => budget.spend(steps)
  return (word, { raw = false } = {}) => {
    spend(word.length >> 4)
    try {
      const text = expand(word, lookup, { raw, escapeWith: raw ? '\\' : escapeWith, spend })
      spend(text.length >> 4)
      return text
    } catch (error) {
      if (!(error instanceof ExpansionError)) throw error
      throw errorAt(instruction, 'syntax', `${shorten(word)}: ${error.message}`, word)
    }
  }
}

function beginStage(index: number, instruction: Parsed, reading: Reading): void {
  const { stages, numbers, edited, globals } = reading
  const { image: word, name, platform } = readFrom(instruction)
  const fill = filler(instruction, (each) => globals.get(each), reading)
  const image = index === edited ? unknown : fill(word)
  const base = numbers.get(image)
  if (image === '')
    throw errorAt(instruction, 'syntax', `${shorten(word)} is empty: nothing gives it a value`, word)
  const isImage = base === undefined && image !== 'scratch'
  const builtOn = platform === undefined ? undefined : fill(platform)
  if (builtOn !== undefined && !isUnknown(builtOn) && !isPlatform(builtOn))
    throw errorAt(
      instruction,
      'syntax',
      builtOn
        ? `${shorten(builtOn)} is no platform, as linux/arm64 is`
        : `${platform} is empty: nothing gives it a value`,
      platform,
    )
  const from = base !== undefined ? { stage: base } : isImage ? { image } : { scratch: true as const }
  if (name) numbers.set(name, stages.length)
  stages.push({
    ...(name && { name }),
    from,
    platform: normalizePlatform(builtOn ?? (globals.get('TARGETPLATFORM') as string)),
    first: index,
    end: index + 1,
    uses: 'scratch' in from ? [] : [{ origin: from, instruction: index }],
    reached: false,
    onImage: base === undefined ? isImage : (stages[base]?.onImage ?? false),
  })
}

/** What an `ARG` before the first `FROM` sets. A name in the same line sees the ones before it. */
function setArguments(index: number, reading: Reading): Map<string, string> {
  const { instructions, globals, args, edited } = reading
  const instruction = instructions[index] as Parsed
  const fill = filler(instruction, (each) => globals.get(each), reading)
  const values = new Map<string, string>()
  for (const [name, word] of readAssignments(instruction, reading.escapeWith)) {
    const value =
      index === edited ? unknown : (argument(args, name) ?? (word === undefined ? undefined : fill(word)))
    if (value === undefined) continue
    values.set(name, value)
    globals.set(name, value)
  }
  return values
}

/** What an `ENV` or `ARG` of a stage sets. A name in an `ARG` sees the ones before it, one in an `ENV` does not. */
function setVariables(
  instruction: Parsed,
  scope: Scope,
  reading: Pick<Reading, 'args' | 'globals' | 'escapeWith' | 'budget'> & { isEdited: boolean },
): Map<string, string> {
  const { args, globals, escapeWith, isEdited } = reading
  const isEnv = instruction.keyword === 'ENV'
  const fill = filler(instruction, (each) => variable(scope, each), reading)
  const values = new Map<string, string>()
  for (const [word, text] of readAssignments(instruction, escapeWith)) {
    const name = isEnv ? fill(word) : word
    const given = isEnv ? undefined : argument(args, name)
    const value = isEdited ? unknown : (given ?? (text === undefined ? globals.get(name) : fill(text)))
    if (value === undefined) continue
    // The one that is set last comes last.
    values.delete(name)
    values.set(name, value)
    if (!isEnv) setVariable(scope, name, value)
  }
  if (isEnv) for (const [name, value] of values) setVariable(scope, name, value)
  return values
}

function withinStage(
  index: number,
  instruction: Parsed,
  { stage, scope, reading }: { stage: number; scope: Scope; reading: Reading },
): Step | undefined {
  const fill = filler(instruction, (each) => variable(scope, each), reading)
  const edited = index === reading.edited
  switch (instruction.keyword) {
    case 'USER':
      scope.user = edited ? unknown : fill(readText(instruction))
      return undefined
    case 'SHELL':
      scope.shell = edited ? unknown : JSON.stringify(jsonStrings(instruction.rest))
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
        epoch: argument(reading.args, 'SOURCE_DATE_EPOCH'),
        edited,
        origin(name) {
          const origin = originOf(name, instruction, reading)
          if ('stage' in origin && origin.stage > stage)
            throw errorAt(
              instruction,
              'unknown-stage',
              `The stage ${shorten(name)} comes later: files come from a stage above`,
              name,
              'from=',
            )
          return origin
        },
      })
    default:
      checkValues(instruction, fill, reading.escapeWith)
      return undefined
  }
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
