import { styleText } from 'node:util'
import { products } from '@stagecraft/engine'
import type { ImageReport, Report } from '@stagecraft/report'
import Table from 'cli-table3'
import { type Column, nameOf, standInMark } from './columns.ts'
import { renderDifference } from './difference/render.ts'
import { renderOther } from './render-other.ts'
import { rebuildColumns, rebuildNotes, renderSteps } from './scenarios/render.ts'
import { megabytes, milliseconds, number } from './units.ts'

const count = new Intl.NumberFormat('en')

export const sizeColumns: Column[] = [
  { head: 'Image', align: 'left', cell: nameOf },
  { head: 'Pull MB', align: 'right', cell: ({ size }) => megabytes(size.compressedBytes) },
  { head: 'Disk MB', align: 'right', cell: ({ size }) => megabytes(size.unpackedBytes) },
  {
    head: 'Ready ms',
    align: 'right',
    cell: ({ run }) => milliseconds(run.startToReadyMs),
  },
  { head: 'RAM MB', align: 'right', cell: ({ run }) => megabytes(run.idleMemoryBytes) },
  { head: 'Stop ms', align: 'right', cell: ({ run }) => run.stopMs.toFixed(0), once: true },
]

/** An image's figures in a line of at most 80 columns, to be shown as soon as they are there. */
export function renderLine(image: ImageReport): string {
  const [pull, disk, ready] = sizeColumns.slice(1).map(({ cell }) => cell(image))
  return `${nameOf(image).padEnd(28)}${pull?.padStart(6)} MB pull ${disk?.padStart(8)} disk  ${ready} ms`.slice(
    0,
    80,
  )
}

export const contentColumns: Column[] = [
  { head: 'Image', align: 'left', cell: nameOf },
  { head: 'Layers', align: 'right', cell: ({ layers }) => count.format(layers.length) },
  { head: 'Files', align: 'right', cell: ({ contents }) => count.format(contents.files) },
  { head: 'OS', align: 'right', cell: ({ contents }) => count.format(contents.osPackages.length) },
  {
    head: 'Libs',
    align: 'right',
    cell: ({ contents: { npmPackages, pythonPackages = [], goModules = [], rustCrates = [] } }) =>
      count.format(npmPackages.length + pythonPackages.length + goModules.length + rustCrates.length),
  },
  {
    head: 'Tools',
    align: 'right',
    cell: ({ contents: { shells, packageManagers, compilers } }) =>
      count.format(shells.length + packageManagers.length + compilers.length),
  },
  { head: 'Setuid', align: 'right', cell: ({ contents }) => count.format(contents.setuidFiles.length) },
  { head: 'Waste MB', align: 'right', cell: ({ contents }) => megabytes(contents.wastedBytes) },
]

/** Under requests, and without a container. */
export const loadColumns: Column[] = [
  { head: 'Image', align: 'left', cell: nameOf },
  {
    head: 'Bare ms',
    align: 'right',
    cell: ({ run: { bareStartToReadyMs: bare } }) => (bare ? milliseconds(bare) : '-'),
    note: 'Bare is the same program in the same files, started as a process of this machine; the ratio is to it.',
  },
  {
    head: 'Ratio',
    align: 'right',
    cell: ({ run: { startToReadyMs: ready, bareStartToReadyMs: bare } }) =>
      bare ? number.format(ready.median / bare.median) : '-',
  },
  {
    head: 'RAM after MB',
    align: 'right',
    cell: ({ run: { loadedMemoryBytes: bytes } }) => (bytes === undefined ? '-' : megabytes(bytes)),
    note: 'RAM after is of another start, a second after 1,000 requests of the ready path.',
  },
  {
    head: 'Busy stop ms',
    align: 'right',
    cell: ({ run: { busyStopMs: ms } }) => ms?.toFixed(0) ?? '-',
    once: true,
    note: 'Busy stop: the rest of a request comes half a second after the signal.',
  },
]

/** What the columns mean, some of {@link loadColumns}, and why an image has no figure in them. */
export function loadNotes({ images }: Report, columns: readonly Column[]): string[] {
  const runs = images.flatMap(({ run }) => (run.loadedMemoryBytes === undefined ? [] : run))
  if (runs.length === 0) return []
  const reasons = [...new Set(runs.flatMap(({ notBare }) => notBare ?? []))]
  return [
    ...columns.flatMap(({ note }) => note ?? []),
    ...reasons.map((reason) => `Not started bare: ${reason}.`),
  ]
}

/** One sentence for each product that has a `single` image of its app beside it. */
export function sentences(report: Report): string[] {
  const shipped = report.images.filter(({ variant }) => products.some((product) => product === variant))
  return shipped.flatMap((image) => {
    const single = report.images.find(({ app, variant }) => app === image.app && variant === 'single')
    if (!single) return []
    const times = (larger: number, smaller: number): string => number.format(larger / smaller)
    const disk = times(single.size.unpackedBytes, image.size.unpackedBytes)
    const pull = times(single.size.compressedBytes, image.size.compressedBytes)
    return `${image.app}: ${image.variant} is ${disk} times smaller than single, ${pull} to pull.`
  })
}

/** What a reader must know of the figures: repeated runs, and which of them were taken on stand-ins. */
export function notes(report: Report): string[] {
  const counts = report.images.map(({ run }) => run.startToReadyMs.runs)
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  const remembered = report.images.flatMap(({ run }) => run.measuredAt ?? [])
  const stoodIn = report.images.some(({ base }) => base.standIn)
  const estimated = report.images.some(({ layers }) => layers.some((layer) => layer.compressedIsEstimate))
  return [
    'Pull is compressed, disk unpacked, RAM idle.',
    `Ready is the median of ${least === most ? most : `${least} to ${most}`} starts; nine of ten comparisons find it within ±.`,
    'OS are packages of the system; libs are npm, Python, Go and Rust packages.',
    'Tools are shells, package managers and compilers.',
    ...(remembered.length > 0
      ? [
          `${remembered.length} images are the same: runs of ${remembered.toSorted()[0]?.slice(0, 10)} or later are shown. Again: --fresh`,
        ]
      : []),
    ...(stoodIn ? [`${standInMark} Measured on a local stand-in, not on the official base image.`] : []),
    ...(estimated ? ['This engine stores layers uncompressed: pull sizes are estimates.'] : []),
  ]
}

/** What could not be measured, an image after the other with the reason; '' when there is none. */
export function renderFailures({ failures = [], images }: Report): string {
  const rebuilds = images.flatMap(({ buildFailures = [], ...image }) =>
    buildFailures.map((failure) => ({ ...image, step: failure.scenario, message: failure.message })),
  )
  return [...failures, ...rebuilds]
    .map(({ app, variant, step, message }) => `${app}:${variant} failed (${step}): ${message}`)
    .join('\n\n')
}

/** Tables of at most 80 columns, the names in each: seven scenarios take more. */
function inWidth([name, ...columns]: Column[]): Column[][] {
  const parts = columns.length <= 6 ? [columns] : [columns.slice(0, 5), columns.slice(5)]
  return parts.map((part) => (name ? [name, ...part] : part))
}

/** The comparison for a terminal of 80 columns, without a trailing newline. */
export function renderTerminal(report: Report): string {
  const table = (columns: Column[]): string => {
    const rendered = new Table({
      head: columns.map(({ head }) => styleText('bold', head, { stream: process.stdout })),
      colAligns: columns.map(({ align }) => align),
      chars: Object.fromEntries(
        ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
          .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'])
          .map((part) => [part, ''])
          .concat([['middle', '  ']]),
      ),
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    })
    rendered.push(...report.images.map((image) => columns.map(({ cell }) => cell(image))))
    return rendered.toString()
  }
  const built = report.images.some(({ build }) => build)
  const loaded = report.images.some(({ run }) => run.loadedMemoryBytes !== undefined)
  // Of many images, the steps would bury the figures; the JSON has them.
  const steps = report.images.length <= 4 ? report.images.map(renderSteps) : []
  const ours = report.images.length > 0
  return [
    ours ? table(sizeColumns) : '',
    ours ? table(contentColumns) : '',
    loaded ? table(loadColumns) : '',
    ...(built ? inWidth(rebuildColumns(report)).map(table) : []),
    ...steps,
    ...(report.others ?? []).map(renderOther),
    ...(report.differences ?? []).map(renderDifference),
    ours ? notes(report).join('\n') : '',
    loadNotes(report, loadColumns).join('\n'),
    rebuildNotes(report).join('\n'),
    sentences(report).join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n')
}
