/** What {@link analyze} is asked. */
export interface Question {
  /** The stage to build: its name or its number. The last one if left out. */
  target?: string
  /** Build arguments, as `--build-arg` sets them. */
  args?: Readonly<Record<string, string>>
  /** The text of `.dockerignore`. */
  dockerignore?: string
  /** Symbolic links of the build context that `COPY` may go through, path to target. Other paths are taken to be none. */
  links?: Readonly<Record<string, string>>
  /** What changed since a build that left everything in the cache. */
  changed?: readonly Change[]
}

/** One thing that changed. */
export type Change =
  /** A file or folder of the build context, by its path there. `content` if left out; added and deleted are content. */
  | { path: string; what?: 'content' | 'mode' | 'time' }
  /** The instruction on this line, counted from 1. Without its new `text`, it changes in whatever it says. */
  | { instruction: number; text?: string }
  /** A build argument; without its new value, to one that it never had. */
  | { arg: string; value?: string }
  /** The digest of an image that the Dockerfile names, in the words of the Dockerfile. */
  | { base: string }
  /** What a secret holds. */
  | { secret: string }

/**
 * Whether an instruction runs again: `cached` and `reruns` are certain. `may rerun` is where BuildKit compares files
 * that it first has to make.
 */
export type Outcome = 'cached' | 'reruns' | 'may rerun'

export interface Stage {
  /** Counted from 0, as `COPY --from=0` does. */
  index: number
  name?: string
  /** What `FROM` names, variables expanded: an earlier stage, an image, or neither for `scratch`. */
  from: { stage: number } | { image: string } | { scratch: true }
  line: number
  /** Whether the target needs it. */
  reached: boolean
}

/** `to` uses what `from` made. */
export interface Edge {
  from: { stage: number } | { image: string }
  to: { stage: number }
  by: 'FROM' | 'COPY' | 'ADD' | 'RUN'
  line: number
}

export interface Instruction {
  /** First and last line, counted from 1. */
  line: number
  endLine: number
  /** In capitals. */
  keyword: string
  /** As written, continuation lines and heredocs included. */
  text: string
  /** Undefined before the first `FROM`. */
  stage?: number
  /** Undefined where there is nothing to run: what only describes the image, and what the target does not reach. */
  outcome?: Outcome
  /** Why it is not `cached`. */
  why?: string
}

/** Something that an analysis of the text cannot follow. */
export interface Note {
  line: number
  text: string
}

export interface Analysis {
  /** The stage that is built. */
  target: number
  stages: Stage[]
  edges: Edge[]
  instructions: Instruction[]
  notes: Note[]
}
