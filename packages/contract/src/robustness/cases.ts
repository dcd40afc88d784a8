import { inLimitedContainer } from '../in-container.ts'
import { BrokenPromise, type Check, type Subject } from '../model.ts'
import { type Expected, exchange, problemOf } from './connection.ts'
import { type Asked, askedOf } from './requests.ts'
import { unharmed } from './unharmed.ts'

/** Something to send, and what may come of it. */
export interface Case {
  /** As in "a header without an end". */
  name: string
  expected: Expected
  bytes: (asked: Asked) => Iterable<string | Buffer>
  /** What must not be in the answer. */
  leak?: RegExp
}

/** Sends each, one after the other, over connections of their own. */
export async function askAll(
  check: Check,
  subject: Subject,
  cases: readonly Case[],
  look: string,
): Promise<void> {
  const { config } = subject
  const asked = askedOf(config)
  await inLimitedContainer(check, subject, async (container) => {
    const problems = await unharmed(container, config.ready, async () => {
      const found: string[] = []
      for (const { name, expected, bytes, leak } of cases) {
        const outcome = await exchange(container.url, bytes(asked))
        const problem = problemOf(outcome, expected) ?? (leak?.test(outcome.received) ? 'leaked a file' : '')
        if (problem) found.push(`${name} ${problem}`)
      }
      return found
    })
    if (problems.length > 0) throw new BrokenPromise(check, problems.join('; '), look)
  })
}
