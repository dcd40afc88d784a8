import type { Budget } from './budget.ts'
import { DockerfileError, ExpansionError } from './errors.ts'
import { expand, isUnknown, unknown } from './expand.ts'
import { checkPlain, readAssignments, readCopy, readFrom, readRun, readText } from './instructions.ts'
import { mountFrom } from './mount.ts'
import { errorAt, jsonStrings, type Parsed, shorten } from './parse.ts'
import { checkValues } from './plain.ts'
import { isPlatform, normalizePlatform, normalizeReference } from './reference.ts'
import { type Scope, scopeOnImage, scopeOnScratch, scopeOnStage, setVariable, variable } from './scope.ts'
import { type Origin, readStep, type Step } from './step.ts'

interface BuiltStage {
  name?: string
  from: { stage: number } | { image: string } | { scratch: true }
  /** As `linux/amd64`. */
  platform: string
  /** Index of its `FROM` among the instructions, and of what follows its last. */
  first: number
  end: number
  /** The stages and images that its instructions name, in their order. */
  uses: { origin: { stage: number } | { image: string }; instruction: number }[]
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
  BUILDOSVERSION: '',
  BUILDARCH: 'amd64',
  BUILDVARIANT: '',
  TARGETPLATFORM: 'linux/amd64',
  TARGETOS: 'linux',
  TARGETOSVERSION: '',
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
  instructions: readonly Parsed[]
  stages: BuiltStage[]
  /** The numbers of the stages so far, by name; of a name that is there twice, the later one. */
  numbers: Map<string, number>
  /** Arguments from before the first `FROM`. */
  globals: Map<string, string>
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

/** @throws DockerfileError for a name that no image has, in whatever stage */
function checkImages({ stages, instructions, budget }: Reading): void {
  for (const { origin, instruction: index } of stages.flatMap(({ uses }) => uses)) {
    if (!('image' in origin) || isUnknown(origin.image)) continue
    budget.spend(origin.image.length >> 3)
    if (normalizeReference(origin.image) !== undefined) continue
    const message = hasCapitals(origin.image)
      ? `${shorten(origin.image)} names no stage, and an image is in lower case`
      : `${shorten(origin.image)} names no stage, and no image can have that name`
    const instruction = instructions[index] as Parsed
    const word = instruction.keyword === 'FROM' ? readFrom(instruction).image : origin.image
    throw errorAt(instruction, 'syntax', message, word)
  }
}

/** Whether the path of an image reference has capitals, which a host before it and a tag after it may have. */
const hasCapitals = (image: string): boolean =>
  /[A-Z]/.test(image.replace(/[:@][^/]*$/, '').replace(/^[^/]*[.:][^/]*\//, ''))

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

/** Finds from which stages and images each stage takes files, and that none takes them from itself. */
function findSources(reading: Reading): void {
  const { stages, instructions, budget } = reading
  for (const stage of stages) {
    for (let index = stage.first + 1; index < stage.end; index++) {
      const instruction = instructions[index] as Parsed
      const { keyword } = instruction
      if (keyword !== 'COPY' && keyword !== 'RUN') continue
      budget.spend(1)
      for (const name of sourcesOf(instruction, reading.escapeWith)) {
        const origin = originOf(name, instruction, reading)
        if (!('scratch' in origin)) stage.uses.push({ origin, instruction: index })
      }
    }
  }
  const done = new Set<number>()
  for (const first of stages.keys()) {
    // Depth first, without recursion: a chain may be as long as the file.
    const path: { stage: number; next: number }[] = [{ stage: first, next: 0 }]
    const onPath = new Set([first])
    while (path.length > 0) {
      const here = path.at(-1) as { stage: number; next: number }
      const use = done.has(here.stage) ? undefined : stages[here.stage]?.uses[here.next++]
      if (!use) {
        path.pop()
        onPath.delete(here.stage)
        done.add(here.stage)
        continue
      }
      budget.spend(1)
      if (!('stage' in use.origin) || instructions[use.instruction]?.keyword === 'FROM') continue
      const { stage } = use.origin
      if (onPath.has(stage)) {
        const cycle = path.slice(path.findIndex((each) => each.stage === stage))
        throw cycleError(
          cycle.map((each) => stages[each.stage]?.uses[each.next - 1] as BuiltStage['uses'][number]),
          reading,
        )
      }
      if (done.has(stage)) continue
      onPath.add(stage)
      path.push({ stage, next: 0 })
    }
  }
}

/** The error for stages that take files from each other, placed at the first instruction that does. */
function cycleError(cycle: readonly BuiltStage['uses'][number][], reading: Reading): DockerfileError {
  const [{ origin, instruction: index }] = cycle.toSorted((a, b) => a.instruction - b.instruction) as [
    BuiltStage['uses'][number],
  ]
  const instruction = reading.instructions[index] as Parsed
  const called = sourcesOf(instruction, reading.escapeWith).find((name) =>
    isDeepEqual(originOf(name, instruction, reading), origin),
  ) as string
  const message =
    cycle.length === 1
      ? `The stage ${shorten(called)} cannot take files from itself`
      : `The stage ${shorten(called)} takes files from this one, and this one from it`
  return errorAt(instruction, 'cycle', message, called, 'from=')
}

const isDeepEqual = (one: object, other: object): boolean => JSON.stringify(one) === JSON.stringify(other)

/** The names after `from=`, as written. */
function sourcesOf(instruction: Parsed, escapeWith: string): string[] {
  if (instruction.keyword === 'RUN')
    return readRun(instruction).mounts.flatMap((text) => mountFrom(instruction, text) ?? [])
  const { from } = readCopy(instruction)
  if (!from) return []
  let expanded: string | undefined
  try {
    expanded = expand(from, () => undefined, { escapeWith })
  } catch (error) {
    if (!(error instanceof ExpansionError)) throw error
  }
  if (expanded !== from)
    throw errorAt(
      instruction,
      'syntax',
      `--from=${shorten(from)}: variables are not expanded there. Name a stage: FROM ${shorten(from)} AS name`,
      from,
      '--from=',
    )
  return [from]
}

/** What `from=name` means: a stage by its name, `COPY --from` also by its number, or else an image. */
function originOf(
  name: string,
  instruction: Parsed,
  { stages, numbers }: Reading,
): Exclude<Origin, { context: true }> {
  const isNumber = instruction.keyword === 'COPY' && /^[-+]?\d+$/.test(name)
  const number = isNumber ? Number(name) : numbers.get(name.toLowerCase())
  if (number === undefined) {
    if (name === 'scratch') return { scratch: true }
    return { image: name }
  }
  if (stages[number]) return { stage: number }
  const message = `There is no stage ${shorten(name)}: the last one is ${stages.length - 1}`
  throw errorAt(instruction, 'unknown-stage', message, name, '--from=')
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
