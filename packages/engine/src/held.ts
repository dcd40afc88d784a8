import { isDeepStrictEqual } from 'node:util'
import type { Analysis, Instruction, Outcome, Stage } from '@stagecraft/dockerfile'
import type { StepRun } from './progress.ts'

export interface Held {
  line: number
  keyword: string
  outcome: Outcome
  /** Undefined where the build had no need to look at the step. */
  ran: boolean | undefined
  /** How long it ran. */
  seconds: number
}

/**
 * Holds a prediction against what BuildKit did.
 * @param bakeTarget the name before that of the stage
 */
export function hold(analysis: Analysis, runs: readonly StepRun[], bakeTarget: string): Held[] {
  const own = runs.filter(({ of }) => of[0] === bakeTarget)
  const at = ({ stage, step }: Place, keyword: string): StepRun | undefined =>
    own.find(
      (each) =>
        // A Dockerfile of one stage does not name it.
        [stage, undefined].includes(each.of[1]?.toLowerCase()) &&
        each.step === step &&
        !each.linking &&
        each.name.toUpperCase().startsWith(keyword),
    )
  return analysis.stages.flatMap(({ index }) =>
    stepsOf(analysis, index).map((instruction) => {
      const { line, keyword, text, outcome = 'cached' } = instruction
      const shared = sharers(analysis, instruction)
      const run =
        [placeOf(analysis, instruction), ...shared]
          .map((place) => at(place, keyword))
          .find((found) => found !== undefined) ??
        runs.find(
          (each) =>
            !each.linking &&
            each.name === text &&
            // A linked copy is the same step in whatever stage it is, and goes by one name.
            (text.includes(' --link ') || shared.some(({ stage }) => stage === each.of[1])),
        )
      return { line, keyword, outcome, ran: run?.ran, seconds: run?.seconds ?? 0 }
    }),
  )
}

/** What BuildKit calls a step by: the name of its stage, and its number in it from 1 on. */
interface Place {
  stage: string
  step: number
}

/** The instructions of a stage that are steps for BuildKit. */
const stepsOf = ({ instructions }: Analysis, wanted: number | undefined): Instruction[] =>
  instructions.filter(({ stage, outcome }) => stage === wanted && outcome !== undefined)

function placeOf(analysis: Analysis, instruction: Instruction): Place {
  const index = instruction.stage ?? -1
  const stage = analysis.stages[index]?.name ?? `stage-${index}`
  return { stage, step: stepsOf(analysis, index).indexOf(instruction) + 1 }
}

/** Where else a stage begins as the instruction's does, with all up to it: its step is one with theirs, and goes by one name. */
function sharers(analysis: Analysis, instruction: Instruction): Place[] {
  const { stages, instructions } = analysis
  const changing = (wanted: number | undefined) =>
    instructions.filter(
      ({ stage, keyword }) => stage === wanted && /^(?:ADD|COPY|RUN|WORKDIR)$/.test(keyword),
    )
  /** A stage that changes nothing is what it is from. */
  const origin = (index: number): Stage['from'] | undefined => {
    const from = stages[index]?.from
    return from && 'stage' in from && changing(from.stage).length === 0 ? origin(from.stage) : from
  }
  const own = instruction.stage ?? -1
  const upTo = changing(own).slice(0, changing(own).indexOf(instruction) + 1)
  return stages
    .filter(({ index }) => isDeepStrictEqual(origin(index), origin(own)))
    .map(({ index }) => changing(index).slice(0, upTo.length))
    .filter((others) => upTo.length > 0 && upTo.every(({ text }, place) => others[place]?.text === text))
    .flatMap((others) => others.slice(-1).map((last) => placeOf(analysis, last)))
}

/** Where BuildKit did what was not predicted; an empty list where the prediction was right. */
export const wrong = (held: readonly Held[]): Held[] =>
  held.filter(
    ({ keyword, outcome, ran }) =>
      // An image that FROM names is looked up anew each time: that is no step of its own.
      keyword !== 'FROM' && ((ran && outcome === 'cached') || (ran === false && outcome === 'reruns')),
  )

/** Steps that the build has not seen. */
export const unseen = (held: readonly Held[]): Held[] =>
  held.filter(({ keyword, ran }) => keyword !== 'FROM' && ran === undefined)
