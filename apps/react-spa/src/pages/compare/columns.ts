import type { ImageReport } from '@stagecraft/report/schema'
import {
  createColumnHelper,
  createSortedRowModel,
  metaHelper,
  rowSortingFeature,
  sortFn_text,
  tableFeatures,
} from '@tanstack/react-table'
import { count, megabytes, milliseconds, range } from '../../data/format.ts'
import { imageName, toolCount } from '../../data/images.ts'

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
    id: 'range',
    header: 'Range ms',
    meta: { explanation: 'The fastest and the slowest start' },
    cell: ({ row }) => range(row.original.run.startToReadyMs),
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
