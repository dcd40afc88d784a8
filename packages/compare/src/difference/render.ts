import type { Difference } from '@stagecraft/report'
import { megabytes } from '../units.ts'
import type { Change } from './differ.ts'

/** Names of one kind in a line, before the rest is counted. */
const shown = 6

/**
 * A difference for a terminal of 80 columns: what grew or came with `+`, what shrank or went with `-`. Of many of a kind
 * some, and how many there are.
 */
export function renderDifference({ from, to, changes }: Difference): string {
  const head = `${from} → ${to}`
  if (changes.length === 0) return `${head}: no difference`
  const kinds = Object.entries(Object.groupBy(changes, ({ what }) => what))
  const lines = kinds.flatMap(([what, list = []]) =>
    (kindOf[what] ?? renderNames)(list).map(
      (line, index) => `  ${(index === 0 ? what : '').padEnd(16)} ${line}`,
    ),
  )
  return [head, ...lines.map((line) => (line.length > 80 ? `${line.slice(0, 79)}…` : line))].join('\n')
}

const signed = (bytes: number) => `${bytes < 0 ? '-' : '+'}${megabytes(Math.abs(bytes))}`

const renderSizes = (list: readonly Change[]): string[] =>
  list.map(
    ({ name, from, to, bytes = 0 }) =>
      `${name.padEnd(6)} ${megabytes(Number(from))} → ${megabytes(Number(to))} MB, ${signed(bytes)}`,
  )

const renderBytes = (list: readonly Change[]): string[] => {
  const sorted = list.toSorted((a, b) => Math.abs(b.bytes ?? 0) - Math.abs(a.bytes ?? 0))
  const lines = sorted
    .slice(0, shown)
    .map(({ name, bytes = 0 }) => `${signed(bytes).padStart(8)} MB  ${plain(name)}`)
  return sorted.length > shown ? [...lines, `and ${sorted.length - shown} more`] : lines
}

const renderValues = (list: readonly Change[]): string[] =>
  list.map(({ name, from = 'none', to = 'none' }) => `${name && `${name} `}${plain(from)} → ${plain(to)}`)

const renderVariables = (list: readonly Change[]): string[] =>
  list.map(({ name, from, to }) => {
    if (to === undefined) return `- ${name}=${from}`
    return from === undefined ? `+ ${name}=${to}` : `${name}: ${from} → ${to}`
  })

function renderNames(list: readonly Change[]): string[] {
  const of = (sign: string, names: readonly string[]) =>
    names.length === 0
      ? []
      : [`${sign}${names.length}: ${names.slice(0, shown).join(', ')}${names.length > shown ? ', ...' : ''}`]
  const both = list.filter(({ from, to }) => from !== undefined && to !== undefined)
  return [
    ...of(
      '+',
      list.filter(({ from }) => from === undefined).map(({ name }) => name),
    ),
    ...of(
      '-',
      list.filter(({ to }) => to === undefined).map(({ name }) => name),
    ),
    ...(both.length > 0
      ? [
          `${both.length} in another version: ${both
            .slice(0, 3)
            .map(({ name, from, to }) => `${name} ${from} → ${to}`)
            .join(', ')}${both.length > 3 ? ', ...' : ''}`,
        ]
      : []),
  ]
}

const kindOf: Readonly<Record<string, (list: readonly Change[]) => string[]>> = {
  size: renderSizes,
  memory: renderSizes,
  time: renderValues,
  user: renderValues,
  entrypoint: renderValues,
  command: renderValues,
  'working directory': renderValues,
  'health check': renderValues,
  'stop signal': renderValues,
  environment: renderVariables,
  folder: renderBytes,
  layer: renderBytes,
}

const plain = (text: string) => text.replaceAll(/\s+/g, ' ').trim()
