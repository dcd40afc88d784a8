import { type Held, unseen, wrong } from '@stagecraft/engine/held'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Attempt, attemptsOf, tryTwice } from './build.ts'
import { cases, movingImage } from './cases.ts'
import { moveImage } from './context.ts'

const tried = cases.map((each) => ({ name: each.name, attempts: attemptsOf(each) }))
let held: Map<Attempt, Held[]>

beforeAll(async () => {
  await moveImage()
  held = await tryTwice(tried.flatMap(({ attempts }) => attempts))
})
afterAll(() => execa('docker', ['image', 'rm', '--force', movingImage]))

/** Steps that did what was not predicted, that the build has not seen, or of which the case says otherwise. */
function differences(steps: readonly Held[], did: readonly number[] = []): object {
  // An image that FROM names is never one of these.
  const may = steps.filter(({ outcome }) => outcome === 'may rerun')
  const different = {
    wrong: wrong(steps),
    unseen: unseen(steps),
    did: may.filter(({ line, ran }) => ran !== did.includes(line)),
  }
  return Object.fromEntries(Object.entries(different).filter(([, found]) => found.length > 0))
}

describe('BuildKit does what was predicted after each change:', () => {
  it.each(tried)('$name', ({ attempts }) => {
    const found = attempts.map((attempt) => [
      attempt.change.name,
      differences(held.get(attempt) as Held[], attempt.change.did),
    ])
    expect(found).toEqual(attempts.map(({ change }) => [change.name, {}]))
  })
})
