export type WorkshopErrorCode =
  | 'broken-exercise'
  | 'exists'
  | 'no-engine'
  | 'not-started'
  | 'not-yet'
  | 'unknown'
  | 'usage'

/** A failure a person can act on: what happened, and the next act. `code` is for tests. */
export class WorkshopError extends Error {
  readonly code: WorkshopErrorCode
  readonly next: string

  constructor(code: WorkshopErrorCode, what: string, next: string) {
    super(what)
    this.code = code
    this.next = next
  }
}
