import { margin } from '@stagecraft/report/margin'
import type { ImageReport, Rebuild, Report, Scenario, Spread } from '@stagecraft/report/schema'

/** What had changed before a build, in the order in which it is shown: for the head of a column, and as a sentence. */
export const scenarios: Readonly<Record<Scenario, { head: string; meaning: string }>> = {
  'from-nothing': { head: 'From nothing', meaning: 'There is no cache; the base images are there' },
  unchanged: { head: 'Unchanged', meaning: 'Everything is in the cache' },
  line: { head: 'One line', meaning: 'A line was added to the program' },
  scripts: { head: 'Scripts', meaning: 'A script was added to package.json' },
  dependency: { head: 'Dependency', meaning: 'A dependency was added to the manifest and the lockfile' },
  'registry-cache': {
    head: 'Registry cache',
    meaning: 'A line was added; the builder has only the cache of a registry, and pushes the image',
  },
}

/** The scenarios that were measured of any of the images, in their order. */
export function measuredScenarios(images: readonly ImageReport[]): Scenario[] {
  const found = new Set(images.flatMap(({ build = [] }) => build.map(({ scenario }) => scenario)))
  return (Object.keys(scenarios) as Scenario[]).filter((each) => found.has(each))
}

export function rebuildOf({ build = [] }: ImageReport, wanted: Scenario): Rebuild | undefined {
  return build.find(({ scenario }) => scenario === wanted)
}

/** The images that were built after changes. */
export function builtImages({ images }: Report): ImageReport[] {
  return images.filter(({ build = [], buildFailures = [] }) => build.length + buildFailures.length > 0)
}

const oneDigit = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })

/** "1.9 ± 0.1": the median and its margin, of one run without it. */
export function seconds(spread: Spread): string {
  const text = oneDigit.format(spread.median / 1000)
  return spread.runs > 1 ? `${text} ± ${oneDigit.format(margin(spread) / 1000)}` : text
}
