import type { SchemaProblem } from '@stagecraft/report/images'

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
