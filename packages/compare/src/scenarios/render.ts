import { stripVTControlCharacters } from 'node:util'
import type { ImageReport, Rebuild, Report, Scenario, Spread } from '@stagecraft/report'
import { margin } from '@stagecraft/report/margin'
import { type Column, nameOf } from '../columns.ts'
import { allScenarios, scenarios } from './scenarios.ts'

/**
 * Columns for a terminal of 80, so of few letters. A column that has no figure for any image is left out.
 * @param least builds that a column must tell of: of one alone there is no spread
 */
export function rebuildColumns({ images }: Report, least = 1): Column[] {
  const measured = allScenarios.filter((each) =>
    images.some((image) => (find(image, each)?.tookMs.runs ?? 0) >= least),
  )
  return [
    { head: 'Image', align: 'left', cell: nameOf },
    ...measured.map(
      (scenario): Column => ({
        head: scenarios[scenario],
        align: 'right',
        cell: (image) => {
          const rebuild = find(image, scenario)
          if (rebuild) return seconds(rebuild.tookMs)
          return image.buildFailures?.some((each) => each.scenario === scenario) ? 'failed' : '-'
        },
      }),
    ),
    ...(measured.includes('line')
      ? [
          {
            head: 'Push',
            align: 'right',
            cell: (image) => kilobytes(find(image, 'line')?.pushedBytes),
          } as Column,
        ]
      : []),
  ]
}

/** What the columns mean, in the order in which they stand. */
export function rebuildNotes({ images }: Report): string[] {
  const all = images.flatMap(({ build = [] }) => build)
  if (all.length === 0) return []
  const counts = all.map(({ tookMs }) => tookMs.runs)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  const disagreed = all.flatMap(({ ran }) => ran).filter(({ predicted }) => predicted === 'cached').length
  return [
    `Builds are in seconds: the median of ${most}, with the export to the engine's store.${least === 1 ? ' Without ±, one build.' : ''}`,
    ...allScenarios
      .filter((each) => all.some(({ scenario }) => scenario === each))
      .map((each) => `${scenarios[each]}: ${meanings[each]}.`),
    ...(all.some(({ pushedBytes }) => pushedBytes !== undefined)
      ? ['Push: kB of layers that a registry with the image of before lacks after the changed line.']
      : []),
    ...(disagreed > 0 ? [`${disagreed} steps ran that the Dockerfile lets expect in the cache.`] : []),
  ]
}

const meanings: Readonly<Record<Scenario, string>> = {
  'from-nothing': 'without a cache, the base images at hand',
  unchanged: 'everything is in the cache',
  line: 'a line was added to the program',
  scripts: 'a script was added to package.json',
  dependency: 'a dependency was added to the manifest and the lockfile',
  'registry-cache': 'a line was added; an empty builder with the cache of a registry, and a push',
}

/** For each change of an image the steps that ran and why, at most 80 columns wide. */
export function renderSteps(image: ImageReport): string {
  return allScenarios
    .flatMap((scenario) => {
      const rebuild = scenario === 'from-nothing' ? undefined : find(image, scenario)
      return rebuild && rebuild.ran.length > 0 ? [renderScenario(image, rebuild)] : []
    })
    .join('\n\n')
}

function renderScenario(image: ImageReport, { scenario, ran, cached }: Rebuild): string {
  const steps = ran.map(({ line, instruction, ms, predicted, why = '' }) => {
    const [first = ''] = instruction.split('\n')
    const reason = predicted === 'cached' ? 'not expected' : why
    return `  ${String(line).padStart(4)}  ${cut(first, 34).padEnd(34)} ${(ms / 1000).toFixed(1).padStart(5)} s  ${reason}`
  })
  const head = `${nameOf(image)}, ${scenarios[scenario].toLowerCase()}: ${ran.length} of ${ran.length + cached} steps ran`
  return [head, ...steps.map((step) => cut(step, 80))].join('\n')
}

/** At most so wide. */
export function cut(text: string, width: number): string {
  const plain = stripVTControlCharacters(text)
  return plain.length > width ? `${plain.slice(0, width - 1)}…` : plain
}

/** As `1.9±0.1`, of tens of seconds without tenths. */
export function seconds(spread: Spread): string {
  const { median, runs } = spread
  const digits = median < 9950 ? 1 : 0
  const text = (ms: number) => (ms / 1000).toFixed(digits)
  return runs > 1 ? `${text(median)}±${text(margin(spread))}` : text(median)
}

/** As `1.6`, of hundreds of kB without tenths. */
export function kilobytes(bytes: number | undefined): string {
  if (bytes === undefined) return '-'
  return bytes < 100_000 ? (bytes / 1000).toFixed(1) : Math.round(bytes / 1000).toLocaleString('en')
}

function find({ build = [] }: ImageReport, scenario: Scenario): Rebuild | undefined {
  return build.find((each) => each.scenario === scenario)
}
