/** A place where a document breaks the report's schema. `path` is a JSON Pointer (RFC 6901), '' for the whole. */
export type SchemaProblem = { path: string; message: string }

export type ReportFault =
  | { kind: 'not-a-report' }
  | { kind: 'other-version'; version: unknown }
  | { kind: 'no-images' }
  | { kind: 'broken'; problems: SchemaProblem[] }

/** A document that this page cannot show. */
export class ReportError extends Error {
  readonly fault: ReportFault

  constructor(fault: ReportFault) {
    super(fault.kind)
    this.fault = fault
  }
}
