import type { ImageReport } from '@stagecraft/report/schema'

/** What it means that figures of `images` were measured on stand-ins, and on which; undefined when none was. */
export function standInSentence(images: readonly ImageReport[]): string | undefined {
  const bases = new Set(images.filter(({ base }) => base.standIn).map(({ base }) => base.name))
  if (bases.size === 0) return undefined
  const which = bases.size === 1 ? 'this base was' : 'these bases were'
  return (
    `Measured on a stand-in: ${which} built locally because the official one was out of reach, ` +
    `so sizes, packages and times can differ from it: ${[...bases].join(', ')}.`
  )
}
