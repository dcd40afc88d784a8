import type { Subject } from './subject.ts'

export const variants = ['single', 'dev', 'prod', 'distroless'] as const
export type Variant = (typeof variants)[number]

/** One promise of the contract. */
export interface Check {
  id: string
  /** One sentence without its subject, "the image", and without a full stop. */
  promise: string
  /** All variants if left out. */
  appliesTo?: readonly Variant[]
  /** @throws BrokenPromise when the image does not keep it; any other error means that it could not be checked */
  check(subject: Subject): Promise<void>
}

/** What was seen instead of what was promised, where to look, and what the container said, if there was one. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise'

  constructor(check: Pick<Check, 'id' | 'promise'>, seen: string, look: string, evidence = '') {
    super(
      [
        `${check.id}: ${seen}.`,
        `Promised: ${check.promise}.`,
        `Look at: ${look}.`,
        ...(evidence && ['', evidence]),
      ].join('\n'),
    )
  }
}
