import type { Contents } from '@stagecraft/report/schema'
import { megabytes } from '../../data/format.ts'
import table from '../../ui/table.module.css'
import { TableScroll } from '../../ui/table-scroll.tsx'
import styles from './contents.module.css'

export function LargestFiles({ files }: { files: Contents['largestFiles'] }) {
  if (files.length === 0) return <p>The image has no files.</p>
  return (
    <TableScroll label="Largest files, table" short>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">Path</th>
            <th className={table.number} scope="col">
              MB
            </th>
          </tr>
        </thead>
        <tbody>
          {files.map(({ path, bytes }) => (
            <tr key={path}>
              <th className={styles.path} scope="row">
                {path}
              </th>
              <td className={table.number}>{megabytes(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  )
}
