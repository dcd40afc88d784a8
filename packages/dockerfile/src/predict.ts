import type { Outcome } from './analysis.ts'
import type { Budget } from './budget.ts'
import { isUnknown } from './expand.ts'
import { type Difference, type Hit, hits, land, type Touched } from './files.ts'
import { type Parsed, shorten } from './parse.ts'
import { isWithin, trim } from './paths.ts'
import { isPattern } from './pattern.ts'
import type { Build } from './reading.ts'
import { normalizeReference } from './reference.ts'
import { sameVariables } from './scope.ts'
import type { Source, Step } from './step.ts'

/** What becomes of one instruction, and why. */
export interface Verdict {
  outcome: Outcome
  why?: string
}

export interface World {
  instructions: readonly Parsed[]
  /** What was built, and what is built now; instruction by instruction they are the same but for what changed. */
  before: Build
  after: Build
  /** Index of the instruction whose text changed. */
  edited: number | undefined
  /** What is different in the build context, as the build sees it. */
  context: readonly Touched[]
  /** The context has symbolic links: paths may lead elsewhere than they say. */
  links: boolean
  /** Images whose digest is another. */
  images: ReadonlySet<string>
  budget: Budget
}

/** A stage, as far as it was followed. */
interface State {
  outcome: Outcome
  /** Line of the last step with that outcome. */
  line: number
  /** There is no step on that line any more. */
  gone?: boolean
  /** What is different in its files. */
  difference: Difference
  /** Variables with another value, and what set them: `ARG` or `ENV`. */
  variables: Map<string, string>
}

const cached: Verdict = { outcome: 'cached' }
const rank = { cached: 0, 'may rerun': 1, reruns: 2 }

/** The verdict that is nearer to running; the first of equals. */
const worse = (one: Verdict, other: Verdict): Verdict =>
  rank[other.outcome] > rank[one.outcome] ? other : one

/**
 * Which instructions run again, by the rules that BuildKit caches by: a step runs when what it says is different, when
 * the step that it builds on ran, or when files that it takes have another checksum. The checksum is over names,
 * contents, modes and owners, and not over times.
 * @returns verdicts by the index of the instruction; undefined for one that runs nothing
 * @see https://docs.docker.com/build/cache/invalidation/
 */
export function predict(world: World): (Verdict | undefined)[] {
  const verdicts: (Verdict | undefined)[] = new Array(world.instructions.length)
  const states: State[] = []
  for (const [number, stage] of world.after.stages.entries()) {
    const begins = fromVerdict(number, world)
    const state = beginning(number, begins, world, states)
    states.push(state)
    if (!stage.reached) continue
    if ('image' in stage.from) verdicts[stage.first] = begins
    for (let index = stage.first + 1; index < stage.end; index++) {
      followVariables(state.variables, index, world)
      const step = world.after.steps[index]
      if (!step) {
        // What followed a step that is gone builds on another one now.
        if (world.before.steps[index] && world.before.stages[number]?.reached)
          Object.assign(state, {
            outcome: 'reruns',
            line: world.instructions[index]?.line ?? 0,
            difference: 'anything',
            gone: true,
          } satisfies Partial<State>)
        continue
      }
      const own = ownVerdict(index, step, world, states)
      const verdict = step.linked ? own : worse(own, following(state))
      verdicts[index] = verdict
      state.difference = spread(index, step, verdict, world, states)
      if (rank[verdict.outcome] >= rank[state.outcome]) {
        state.outcome = verdict.outcome
        state.line = world.instructions[index]?.line ?? 0
        state.gone = false
      }
    }
  }
  return verdicts
}

/** A stage before its first step. */
function beginning(number: number, { outcome }: Verdict, world: World, states: readonly State[]): State {
  const { after, instructions, budget } = world
  const stage = after.stages[number] as Build['stages'][number]
  const line = instructions[stage.first]?.line ?? 0
  if (outcome !== 'cached') return { outcome, line, difference: 'anything', variables: new Map() }
  if (!('stage' in stage.from)) return { outcome: 'cached', line, difference: [], variables: new Map() }
  const base = states[stage.from.stage] as State
  budget.spend(base.variables.size)
  return { ...base, variables: new Map(base.variables) }
}

function fromVerdict(number: number, { before, after, images, edited }: World): Verdict {
  const [was, is] = [before.stages[number], after.stages[number]]
  if (!was || !is) return { outcome: 'reruns', why: 'is new' }
  if ('image' in is.from && images.has(is.from.image))
    return { outcome: 'reruns', why: `the image \`${is.from.image}\` has another digest` }
  if (keyOf(was) === keyOf(is)) return cached
  return { outcome: 'reruns', why: edited === is.first ? 'its text changed' : 'begins on something else' }
}

/** An image goes by its whole name, however it is written, and its platform; what is no image has none of its own. */
const keyOf = ({ from, platform }: Build['stages'][number]): string =>
  'image' in from ? `${normalizeReference(from.image) ?? from.image} ${platform}` : JSON.stringify(from)

/** Keeps the set of variables that have another value than before. */
function followVariables(
  variables: Map<string, string>,
  index: number,
  { before, after, instructions }: World,
): void {
  const [was, is] = [before.sets[index], after.sets[index]]
  if (!was && !is) return
  for (const name of new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])) {
    if (was?.get(name) === is?.get(name)) variables.delete(name)
    else variables.set(name, instructions[index]?.keyword ?? '')
  }
}

/** A verdict on the step by itself, whatever it builds on. */
function ownVerdict(index: number, step: Step, world: World, states: readonly State[]): Verdict {
  const { before } = world
  const was = before.steps[index]
  if (!was || !before.stages[step.stage]?.reached)
    return { outcome: 'reruns', why: 'was not part of the build before' }
  // Nothing but files can be different then.
  const why = was === step ? undefined : differs(index, was, step, world, states)
  if (why) return { outcome: 'reruns', why }
  let verdict = cached
  for (const [position, source] of step.sources.entries()) {
    const own = sameSource(was.sources[position], source)
      ? sourceVerdict(step, source, world, states)
      : elsewhere
    verdict = worse(verdict, own)
  }
  return verdict
}

const elsewhere: Verdict = {
  outcome: 'may rerun',
  why: 'takes its files from elsewhere, and BuildKit compares what is in them',
}

/** Why what a step says, or runs in, is not what it was. */
function differs(
  index: number,
  was: Step,
  step: Step,
  world: World,
  states: readonly State[],
): string | undefined {
  const { variables, outcome } = states[step.stage] as State
  if (was.text !== step.text || was.sources.length !== step.sources.length) {
    if (world.edited === index) return 'its text changed'
    const { text } = world.instructions[index] as Parsed
    const used = namesOf(variables, (name) => text.includes(name))
    return used ? `uses ${used}` : 'is not what it was'
  }
  const seen = namesOf(variables)
  // Once a step has run, all that follow do: which variables they see is no matter but for the words.
  const others = outcome === 'reruns' ? seen : !sameVariables(was.variables, step.variables, world.budget)
  if (was.variables !== step.variables && others)
    return seen ? `sees ${seen}` : 'sees its variables in another order'
  if (was.directory !== step.directory) return 'runs in another directory'
  if (was.user !== step.user) return 'runs as another user'
  if (was.shell !== step.shell) return 'runs in another shell'
  return undefined
}

const sameSource = (one: Source | undefined, other: Source): boolean =>
  one === other || (one?.path === other.path && JSON.stringify(one.origin) === JSON.stringify(other.origin))

function namesOf(
  variables: ReadonlyMap<string, string>,
  wanted: (name: string) => boolean = () => true,
): string | undefined {
  const names = [...variables]
    .filter(([name]) => wanted(name))
    .map(([name, keyword]) => `${keyword} \`${shorten(name)}\``)
  return names.length === 0
    ? undefined
    : `${names.slice(0, 3).join(', ')}${names.length > 3 ? ' and more' : ''}, which changed`
}

/** Of the files that a step takes, those that are different; or nobody can say which. */
function taken(
  step: Step,
  source: Source,
  world: World,
  states: readonly State[],
): readonly Hit[] | 'anything' {
  const { origin } = source
  if ('scratch' in origin) return []
  if ('image' in origin) return world.images.has(origin.image) ? 'anything' : []
  const inContext = 'context' in origin
  const difference = inContext ? world.context : (states[origin.stage] as State).difference
  if (difference === 'anything') return difference
  if (difference.length === 0) return []
  const found = hits(source, step.landing?.exclude ?? [], difference, world.budget)
  // The image below may hold links that lead from here to what is different.
  return found.length === 0 && !inContext && mayHoldLinks(origin.stage, world) ? 'anything' : found
}

/** A verdict on files that a step takes. */
function sourceVerdict(step: Step, source: Source, world: World, states: readonly State[]): Verdict {
  const found = taken(step, source, world, states)
  if (found.length === 0) return cached
  const takes = step.landing ? 'copies' : 'mounts'
  const { origin } = source
  if ('scratch' in origin) return cached
  if ('image' in origin)
    return { outcome: 'may rerun', why: `${takes} from \`${shorten(origin.image)}\`, whose files may differ` }
  const from = 'context' in origin ? '' : ` of ${stageName(origin.stage, world)}`
  const sure = found === 'anything' ? [] : found.filter(({ certain }) => certain)
  const [first] = sure
  if (!first) return { outcome: 'may rerun', why: `${takes} files${from}, which may differ` }
  const more = sure.length > 1 ? ` and ${sure.length - 1} more` : ''
  const why = `${takes} \`${shorten(first.touched.path, 80)}\`${more}${from}, which changed`
  return { outcome: 'reruns', why }
}

const mayHoldLinks = (stage: number, { after, links }: World): boolean =>
  links || after.stages[stage]?.onImage === true

const stageName = (number: number, { after }: World): string =>
  after.stages[number]?.name ? `stage \`${after.stages[number].name}\`` : `stage ${number}`

const following = ({ outcome, line, gone }: State): Verdict =>
  outcome === 'cached'
    ? cached
    : { outcome, why: `follows line ${line}, which ${gone ? 'is no step any more' : outcome}` }

// More paths than this are not worth following one by one.
const maxDifferences = 2000

/** What is different in a stage's files after a step, known that this was its verdict. */
function spread(
  index: number,
  step: Step,
  { outcome }: Verdict,
  world: World,
  states: readonly State[],
): Difference {
  const { difference } = states[step.stage] as State
  if (difference === 'anything') return difference
  if (!step.landing) return outcome === 'cached' ? difference : 'anything'
  const landed = landings(index, step, world, states)
  world.budget.spend(difference.length + landed.length)
  const folder = trim(step.landing.destination)
  // A copy may put the same file again over one that differs.
  const kept = difference.map((touched) =>
    isWithin(touched.path, folder) || isWithin(folder, touched.path)
      ? { ...touched, certain: false }
      : touched,
  )
  const all = [...kept, ...landed]
  return all.length > maxDifferences || all.some(({ path }) => path === '' || isUnknown(path))
    ? 'anything'
    : all
}

/** What a copy makes different in the stage that it copies to. */
function landings(index: number, step: Step, world: World, states: readonly State[]): Touched[] {
  const landing = step.landing as NonNullable<Step['landing']>
  const was = world.before.steps[index]
  const somewhere = (destination: string): Touched => ({ path: trim(destination), certain: false })
  if (!was || was.text !== step.text)
    return [somewhere(landing.destination), ...(was?.landing ? [somewhere(was.landing.destination)] : [])]
  return step.sources.flatMap((source, position) => {
    if (!sameSource(was.sources[position], source)) return [somewhere(landing.destination)]
    const found = taken(step, source, world, states)
    if (found === 'anything') return [somewhere(landing.destination)]
    const landed = found.map((hit) => land(hit, landing))
    // What one of several brings, another may put over it: `COPY * /x/` brings `a` and, of the folder `src`, `src/a`.
    const several = step.sources.length > 1 || (source.wildcards && isPattern(source.path))
    return several ? landed.map((touched) => ({ ...touched, certain: false })) : landed
  })
}
