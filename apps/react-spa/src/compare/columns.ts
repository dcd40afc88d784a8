import type { ImageReport } from '@stagecraft/report/schema'
import {
  createColumnHelper,
  createSortedRowModel,
  functionalUpdate,
  metaHelper,
  rowSortingFeature,
  type SortingState,
  sortFn_text,
  tableFeatures,
  type Updater,
} from '@tanstack/react-table'
import { useMemo } from 'react'
import { useQueryParam } from '../data/address.ts'
import { count, megabytes, milliseconds, plusMinus } from '../data/format.ts'
import { imageName, toolCount } from '../data/images.ts'

export const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { text: sortFn_text },
  columnMeta: metaHelper<{ explanation: string }>(),
})

const column = createColumnHelper<typeof features, ImageReport>()

type Value = (image: ImageReport) => number

function figure(id: string, header: string, explanation: string, value: Value, format = count) {
  return column.accessor(value, {
    id,
    header,
    meta: { explanation },
    cell: (cell) => format(cell.getValue()),
  })
}

/** The figures of `pnpm compare`, in its order and its units. */
export const columns = column.columns([
  column.accessor(imageName, { id: 'image', header: 'Image', sortFn: 'text' }),
  figure('pull', 'Pull MB', 'Compressed: what a pull transfers', (it) => it.size.compressedBytes, megabytes),
  figure('disk', 'Disk MB', 'Unpacked: what the disk holds', (it) => it.size.unpackedBytes, megabytes),
  figure(
    'ready',
    'Ready ms',
    'From start to the first answer, median',
    (it) => it.run.startToReadyMs.median,
    milliseconds,
  ),
  column.display({
    id: 'margin',
    header: 'Spread ms',
    meta: { explanation: 'Nine of ten comparisons on this machine find the median within it' },
    cell: ({ row }) => plusMinus(row.original.run.startToReadyMs),
  }),
  figure('idle', 'Idle MB', 'Memory when idle', (it) => it.run.idleMemoryBytes, megabytes),
  figure('stop', 'Stop ms', 'From SIGTERM to the exit', (it) => it.run.stopMs, milliseconds),
  figure('layers', 'Layers', 'Layers, with those of the base', (it) => it.layers.length),
  figure('files', 'Files', 'Files', (it) => it.contents.files),
  figure('os', 'OS', 'Packages of the operating system', (it) => it.contents.osPackages.length),
  figure('npm', 'npm', 'npm packages', (it) => it.contents.npmPackages.length),
  figure('tools', 'Tools', 'Shells, package managers and compilers', toolCount),
  figure('setuid', 'Setuid', 'Files with the setuid or setgid bit', (it) => it.contents.setuidFiles.length),
  figure(
    'waste',
    'Waste MB',
    'Bytes that a later layer overwrites or deletes',
    (it) => it.contents.wastedBytes,
    megabytes,
  ),
])

/** A table's order from its text: a column, "-" before it when the largest comes first. */
export function readSorting(text: string): SortingState {
  const desc = text.startsWith('-')
  const id = desc ? text.slice(1) : text
  return id ? [{ id, desc }] : []
}

/** The reverse of {@link readSorting}; '' for no order. */
export function writeSorting([sort]: SortingState): string {
  return sort ? `${sort.desc ? '-' : ''}${sort.id}` : ''
}

/** The table's order: `sort` in the address. */
export function useSorting(): [sorting: SortingState, set: (updater: Updater<SortingState>) => void] {
  const [text, setText] = useQueryParam('sort')
  const sorting = useMemo(() => readSorting(text), [text])
  return [sorting, (updater) => setText(writeSorting(functionalUpdate(updater, sorting)))]
}
