/** A failure a person can act on: what happened, and the next act. `code` is for tests. */
export class CompareError extends Error {
  readonly code: 'BAD_REPORT' | 'BUILD_FAILED' | 'NO_BLOCK' | 'NO_ENGINE' | 'NO_REGISTRY' | 'UNKNOWN_TARGET'
  readonly next: string

  constructor(code: CompareError['code'], what: string, next: string) {
    super(what)
    this.code = code
    this.next = next
  }
}
