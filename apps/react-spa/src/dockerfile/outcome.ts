import type { Analysis, Instruction, Outcome } from '@stagecraft/dockerfile'
import { counted } from '../data/format.ts'
import { stageLabel } from './stages.ts'

/** How many instructions there are, how many of them are steps of the build, and what becomes of those. */
export interface Tally {
  instructions: number
  steps: number
  reruns: number
  mayRerun: number
}

export function tally(instructions: readonly Instruction[]): Tally {
  const having = (wanted: Outcome) => instructions.filter(({ outcome }) => outcome === wanted).length
  const [cached, reruns, mayRerun] = [having('cached'), having('reruns'), having('may rerun')]
  return { instructions: instructions.length, steps: cached + reruns + mayRerun, reruns, mayRerun }
}

export interface Summary {
  /** A whole sentence, or one that ends in `first`. */
  text: string
  /** The first instruction that is not cached for sure. */
  first?: Instruction
}

/** @param changed whether the question named any change */
export function summarize({ instructions, stages, target }: Analysis, changed: boolean): Summary {
  const { steps, reruns, mayRerun } = tally(instructions)
  const name = stageLabel(stages[target] ?? { index: target })
  const all = counted(steps, 'step')
  if (steps === 0) return { text: `Building ${name} has no steps to run.` }
  if (!changed) return { text: `Building ${name} takes ${all}. Nothing has changed yet, so each is cached.` }
  const first = instructions.find(({ outcome }) => outcome && outcome !== 'cached')
  if (!first)
    return { text: `Nothing reruns: ${steps === 1 ? 'the one step' : `all ${all}`} of ${name} stay cached.` }
  const counts = [
    ...(reruns > 0 ? [`${reruns} of ${all} ${reruns === 1 ? 'reruns' : 'rerun'}`] : []),
    ...(mayRerun > 0 ? [reruns > 0 ? `${mayRerun} more may` : `${mayRerun} of ${all} may rerun`] : []),
  ]
  return { text: `${counts.join(', ')}; the first is`, first }
}

/** The first line of an instruction, with an ellipsis where more follows. */
export function firstLine({ text }: Instruction): string {
  const [first = '', ...more] = text.split('\n')
  return more.length > 0 ? `${first.replace(/\s*\\\s*$/, '')} …` : first
}

/** What became of the steps, in few words: `2 rerun, 1 may`. Empty if all are cached. */
export function tallyLabel({ reruns, mayRerun }: Tally): string {
  if (reruns === 0) return mayRerun > 0 ? `${mayRerun} may rerun` : ''
  const certain = reruns === 1 ? '1 reruns' : `${reruns} rerun`
  return mayRerun > 0 ? `${certain}, ${mayRerun} may` : certain
}
