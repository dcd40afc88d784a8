/** Where in the Dockerfile, counted from 1. */
export interface Place {
  line: number
  column: number
  /** The whole line. */
  text: string
}

export type DockerfileErrorCode =
  /** The text is not a Dockerfile. */
  | 'syntax'
  /** There is no such stage to build. */
  | 'unknown-target'
  /** `--from` counts a stage that there is not. */
  | 'unknown-stage'
  /** Stages need each other. */
  | 'cycle'
  /** A change names what is not there. */
  | 'unknown-change'
  /** It would take too long to follow. */
  | 'too-complex'

/** A Dockerfile, or a question about one, that has no answer. */
export class DockerfileError extends Error {
  readonly code: DockerfileErrorCode
  /** Undefined where the question is wrong and not the text. */
  readonly place?: Place

  constructor(code: DockerfileErrorCode, message: string, place?: Place) {
    super(message)
    this.code = code
    if (place) this.place = place
  }
}

/** Why a word cannot be expanded. */
export class ExpansionError extends Error {}
