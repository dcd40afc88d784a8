import type { ImageReport } from '@stagecraft/report/schema'
import { FlexRender, type Header, type Row, useTable } from '@tanstack/react-table'
import { memo } from 'react'
import { imageName, imagePath } from '../data/images.ts'
import { AppLink } from '../ui/buttons.tsx'
import { StandInMark, TableScroll } from '../ui/tables.tsx'
import ui from '../ui/ui.module.css'
import { useFirst } from '../ui/use-first.tsx'
import { columns, features, useSorting } from './columns.ts'
import styles from './compare.module.css'

/** Every figure of `images`, in an order that the reader chooses. */
export const ImagesTable = memo(function ImagesTable({ images }: { images: ImageReport[] }) {
  const [sorting, setSorting] = useSorting()
  const { getHeaderGroups, getRowModel } = useTable({
    features,
    columns,
    data: images,
    getRowId: imageName,
    state: { sorting },
    onSortingChange: setSorting,
    sortDescFirst: false,
  })
  const [rows, showAll] = useFirst(getRowModel().rows, 100, 'images')
  return (
    <>
      <TableScroll label="All figures, table">
        <table className={`${ui.table} ${styles.figures}`}>
          <thead>
            {getHeaderGroups().map(({ id, headers }) => (
              <tr key={id}>
                {headers.map((header) => (
                  <Head key={header.id} header={header} />
                ))}
              </tr>
            ))}
          </thead>
          <tbody>
            {rows.map((row) => (
              <ImageRow key={row.id} row={row} />
            ))}
          </tbody>
        </table>
      </TableScroll>
      {showAll}
    </>
  )
})

const ariaSort = { asc: 'ascending', desc: 'descending' } as const

function Head({ header: { column } }: { header: Header<typeof features, ImageReport, unknown> }) {
  const { header, meta } = column.columnDef
  const sorted = column.getIsSorted()
  return (
    <th
      className={meta && ui.number}
      scope="col"
      title={meta?.explanation}
      aria-sort={sorted ? ariaSort[sorted] : undefined}
    >
      {column.getCanSort() ? (
        <button className={styles.sort} type="button" onClick={column.getToggleSortingHandler()}>
          <span>{String(header)}</span>
          <SortIcon sorted={sorted} />
        </button>
      ) : (
        String(header)
      )}
    </th>
  )
}

function ImageRow({ row }: { row: Row<typeof features, ImageReport> }) {
  const image = row.original
  const [, ...figures] = row.getAllCells()
  return (
    <tr>
      <th className={styles.figuresName} scope="row">
        <span className={styles.full} title={imageName(image)}>
          <AppLink to={imagePath(image)}>{imageName(image)}</AppLink>
          <StandInMark standIn={image.base.standIn} />
        </span>
      </th>
      {figures.map((cell) => (
        <td key={cell.id} className={ui.number}>
          <FlexRender cell={cell} />
        </td>
      ))}
    </tr>
  )
}

/** Which way a column is sorted; faint both ways when it is not. */
function SortIcon({ sorted }: { sorted: 'asc' | 'desc' | false }) {
  return (
    <svg width="8" height="12" viewBox="0 0 8 12" fill="currentColor" aria-hidden="true">
      <path d="M4 1 7 5H1z" opacity={sorted === 'asc' ? 1 : 0.25} />
      <path d="M4 11 1 7h6z" opacity={sorted === 'desc' ? 1 : 0.25} />
    </svg>
  )
}
