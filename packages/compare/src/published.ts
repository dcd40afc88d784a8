import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '@stagecraft/engine/replace-file'
import type { Report } from '@stagecraft/report'
import { markdownTable } from 'markdown-table'
import { replaceBlock } from './block.ts'
import { type Column, standInMark } from './columns.ts'
import { renderDifference } from './difference/render.ts'
import { contentColumns, loadColumns, loadNotes, notes, sentences, sizeColumns } from './render.ts'
import { kilobytes, rebuildColumns, rebuildNotes } from './scenarios/render.ts'
import { megabytes, number } from './units.ts'

/** The report that the repository carries, and what is made of it: page to text between its markers. */
export const publishedReport = 'docs/report.json'
export const publishedPages: Record<string, (report: Report) => string> = {
  'README.md': renderSummary,
  'docs/comparison.md': renderComparison,
}

/** Reads the report that the repository carries. */
export async function readPublished(root: string): Promise<Report> {
  return JSON.parse(await readFile(join(root, publishedReport), 'utf8'))
}

/** Renews the report that the repository carries, and the pages made of it. */
export async function publish(root: string, report: Report): Promise<void> {
  await replaceFile(join(root, publishedReport), toJson(report))
  for (const [page, render] of Object.entries(publishedPages))
    await replaceBlock(join(root, page), render(report))
}

/** A line for each image, and no sources: the repository has them beside it. */
function toJson(report: Report): string {
  const { images, dockerfiles, context, planned, state, ...rest } = report
  const lines = images.map((image) => JSON.stringify(image))
  return `${JSON.stringify(rest).slice(0, -1)},"images":[\n${lines.join(',\n')}\n]}\n`
}

/** An app in a row: what its images take to pull and on disk, in MB, and how many times smaller the product is. */
function renderSummary(report: Report): string {
  const apps = [...new Set(report.images.map(({ app }) => app))]
  const rows = apps.flatMap((app) => {
    const of = (wanted: string) =>
      report.images.find(({ app: name, variant }) => name === app && variant === wanted)
    const [single, prod] = [of('single'), of('prod')]
    if (!single || !prod) return []
    const products = report.images.filter(({ app: name, variant }) => name === app && variant !== 'dev')
    const smallest = products.reduce((a, b) => (b.size.unpackedBytes < a.size.unpackedBytes ? b : a))
    const mark = single.base.standIn ? standInMark : ''
    const sizes = (['compressedBytes', 'unpackedBytes'] as const).flatMap((kind) => [
      ...[single, prod].map(({ size }) => megabytes(size[kind])),
      smallest === prod ? 'prod' : `${megabytes(smallest.size[kind])}`,
      `${number.format(single.size[kind] / prod.size[kind])}×`,
    ])
    return [[`${app}${mark}`, ...sizes]]
  })
  const heads = ['single', 'prod', 'smallest', 'smaller']
  const head = ['App', ...heads.map((each) => `pull: ${each}`), ...heads.map((each) => `disk: ${each}`)]
  const table = markdownTable([head, ...rows.map((row) => row.map(escaped))], {
    align: ['l', ...heads.map(() => 'r'), ...heads.map(() => 'r')],
  })
  const stoodIn = report.images.some(({ base }) => base.standIn)
  const mark = stoodIn ? ` ${escaped(standInMark)} on a local stand-in, not on the official base image.` : ''
  return `${table}\n\nIn MB, what \`single\` takes and how many times smaller \`prod\` is.${mark}${afterALine(report)} ${made(report)}`
}

/** What is pushed after one changed line, from the least to the most of all apps; empty where it was not measured. */
function afterALine({ images }: Report): string {
  const [single, prod] = (['single', 'prod'] as const).map((wanted) => {
    const builds = images.filter(({ variant }) => variant === wanted).flatMap(({ build = [] }) => build)
    const bytes = builds.flatMap(({ pushedBytes = [] }) => pushedBytes).sort((a, b) => a - b)
    return bytes.length > 0 && `${kilobytes(bytes[0])} to ${kilobytes(bytes.at(-1))} kB of \`${wanted}\``
  })
  return single && prod ? ` After one changed line, a push takes ${single} and ${prod}.` : ''
}

/** Every image in a row with all its figures that have a spread or need none. */
export function renderComparison(report: Report): string {
  const columns = [...lasting(sizeColumns), ...contentColumns.slice(1)]
  const list = sentences(report).map((sentence) => `- ${sentence}`)
  const built = { ...report, images: report.images.filter(({ build }) => build) }
  const loaded = { ...report, images: report.images.filter(({ run }) => run.loadedMemoryBytes !== undefined) }
  const ofLoad = lasting(loadColumns)
  const load = [tableOf(ofLoad, loaded), ...loadNotes(loaded, ofLoad).map(escaped)]
  const builds = [tableOf(rebuildColumns(built, 2), built), ...rebuildNotes(built).map(escaped)]
  return [
    ...differencesOf(report),
    tableOf(columns, report),
    list.join('\n'),
    ...notes(report).map(escaped),
    ...(loaded.images.length > 0 ? load : []),
    ...(built.images.length > 0 ? builds : []),
    made(report),
  ].join('\n\n')
}

/** What has changed, as a pull request's reader wants it: first, and nothing of what has not. */
function differencesOf({ differences = [] }: Report): string[] {
  const changed = differences.filter(({ changes }) => changes.length > 0)
  const same = differences.filter(({ changes }) => changes.length === 0).map(({ to }) => to)
  return [
    ...(changed.length > 0 ? [`\`\`\`text\n${changed.map(renderDifference).join('\n\n')}\n\`\`\``] : []),
    ...(same.length > 0 ? [`No difference: ${same.join(', ')}.`] : []),
  ]
}

/** Those whose figures have a spread, or need none. */
const lasting = (columns: readonly Column[]) => columns.filter(({ once }) => !once)

function tableOf(columns: readonly Column[], { images }: Report): string {
  const rows = images.map((image) => columns.map(({ cell }) => escaped(cell(image))))
  return markdownTable([columns.map(({ head }) => head), ...rows], {
    align: columns.map(({ align }) => align),
  })
}

function made({ host, createdAt }: Report): string {
  return `Measured by \`pnpm compare\` on ${createdAt.slice(0, 10)}: Docker Engine ${host.engine}, ${host.architecture}, ${host.cpus} CPUs.`
}

const escaped = (text: string): string => text.replaceAll('*', '\\*')
