import type { Budget } from './budget.ts'
import type { Parsed } from './parse.ts'
import type { Step } from './step.ts'

export interface BuiltStage {
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
export interface Reading extends BuildOptions {
  instructions: readonly Parsed[]
  stages: BuiltStage[]
  /** The numbers of the stages so far, by name; of a name that is there twice, the later one. */
  numbers: Map<string, number>
  /** Arguments from before the first `FROM`. */
  globals: Map<string, string>
}
