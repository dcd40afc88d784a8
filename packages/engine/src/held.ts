import { isDeepStrictEqual } from 'node:util'
import type { Analysis, Instruction, Outcome } from '@stagecraft/dockerfile'
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
  return analysis.stages.flatMap((stage) => {
    const { index, name = `stage-${index}` } = stage
    return analysis.instructions
      .filter((each) => each.stage === index && each.outcome !== undefined)
      .map((instruction, position) => {
        const { line, keyword, text, outcome = 'cached' } = instruction
        const run =
          own.find(
            (each) =>
              // A Dockerfile of one stage does not name it.
              [name, undefined].includes(each.of[1]?.toLowerCase()) &&
              each.step === position + 1 &&
              !each.linking &&
              each.name.toUpperCase().startsWith(keyword),
          ) ??
          runs.find(
            (each) =>
              !each.linking &&
              each.name === text &&
              // A linked copy is the same step in whatever stage it is, and goes by one name.
              (text.includes(' --link ') || sharers(analysis, instruction).includes(each.of[1] ?? '')),
          )
        return { line, keyword, outcome, ran: run?.ran, seconds: run?.seconds ?? 0 }
      })
  })
}

/** The stages that begin as the instruction's does, with all up to it: its step is one with theirs, and goes by one name. */
function sharers({ stages, instructions }: Analysis, instruction: Instruction): string[] {
  const steps = (wanted: number | undefined) =>
    instructions
      .filter(({ stage, keyword }) => stage === wanted && /^(?:ADD|COPY|RUN|WORKDIR)$/.test(keyword))
      .map(({ text }) => text)
  const from = stages[instruction.stage ?? -1]?.from
  const upTo = steps(instruction.stage).slice(0, steps(instruction.stage).indexOf(instruction.text) + 1)
  return stages
    .filter((other) => isDeepStrictEqual(other.from, from))
    .filter(({ index }) => isDeepStrictEqual(steps(index).slice(0, upTo.length), upTo))
    .map(({ index, name = `stage-${index}` }) => name)
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
