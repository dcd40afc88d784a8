import type { Analysis, Edge, Instruction, Outcome, Stage } from '@stagecraft/dockerfile'
import { counted } from '../data/format.ts'

/** What to call a stage: its name, or its number where it has none. */
export const stageLabel = ({ name, index }: Pick<Stage, 'name' | 'index'>): string => name ?? `stage ${index}`

/** What `--target` calls a stage: its name, or its number where it shares its name or has none. */
export function stageTarget(stages: readonly Stage[], { name, index }: Stage): string {
  const alike = stages.filter((each) => each.name?.toLowerCase() === name?.toLowerCase())
  return name && alike.length === 1 ? name : String(index)
}

/** The stage that a target names: the last one if it names none, undefined if there is no such stage. */
export function findStage(stages: readonly Stage[], target: string | undefined): Stage | undefined {
  if (!target) return stages.at(-1)
  const wanted = target.toLowerCase()
  return stages.find(({ name }) => name?.toLowerCase() === wanted) ?? stages[numberOf(target)]
}

/** What a stage builds on, as its `FROM` says. */
export function fromLabel(stages: readonly Stage[], { from }: Stage): string {
  return 'scratch' in from ? 'scratch' : originLabel(stages, from)
}

/** What to call the stage or the image that something is taken from. */
export function originLabel(stages: readonly Stage[], from: Edge['from']): string {
  return 'image' in from ? from.image : stageLabel(stages[from.stage] ?? { index: from.stage })
}

/** The images that the stages use, each once. */
export function externalImages(edges: readonly Edge[]): string[] {
  return [...new Set(edges.flatMap(({ from }) => ('image' in from ? [from.image] : [])))]
}

/** How an instruction takes from another stage or an image. */
export const takeLabel = (by: Edge['by']): string => (by === 'RUN' ? 'RUN mount' : by)

const numberOf = (text: string): number => (/^\d+$/.test(text) ? Number(text) : -1)

/** The element that shows a line of the Dockerfile, so that addresses and links can name it. */
export const lineId = (line: number): string => `line-${line}`

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

interface Summary {
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
