import { type DockerfileError, ExpansionError } from './errors.ts'
import { expand, isUnknown } from './expand.ts'
import { readCopy, readFrom, readRun } from './instructions.ts'
import { mountFrom } from './mount.ts'
import { errorAt, type Parsed, shorten } from './parse.ts'
import type { BuiltStage, Reading } from './reading.ts'
import { normalizeReference } from './reference.ts'
import type { Origin } from './step.ts'

/** Finds from which stages and images each stage takes files, and that none takes them from itself. */
export function findSources(reading: Reading): void {
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
export function originOf(
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

/** @throws DockerfileError for a name that no image has, in whatever stage */
export function checkImages({ stages, instructions, budget }: Reading): void {
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

/** Marks the stages that the target needs. */
export function reach(stages: readonly BuiltStage[], target: number): void {
  const waiting = [target]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const stage = stages[next] as BuiltStage
    if (stage.reached) continue
    stage.reached = true
    for (const { origin } of stage.uses) if ('stage' in origin) waiting.push(origin.stage)
  }
}
