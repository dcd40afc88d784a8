import type { Contents } from '@stagecraft/report/schema'
import { useDeferredValue, useMemo } from 'react'
import { counted } from '../../data/format.ts'
import { filterPackages, listPackages } from '../../data/packages.ts'
import { useQueryParam } from '../../data/query-param.ts'
import { SearchField } from '../../ui/search-field.tsx'
import table from '../../ui/table.module.css'
import { TableScroll } from '../../ui/table-scroll.tsx'
import { useFirst } from '../../ui/use-first.tsx'
import styles from './contents.module.css'

/** The packages of an image with their versions: `packages` in the address narrows them. */
export function Packages({ contents }: { contents: Contents }) {
  const [text, setText] = useQueryParam('packages')
  const wanted = useDeferredValue(text)
  const all = useMemo(() => listPackages(contents), [contents])
  const shown = useMemo(() => filterPackages(all, wanted), [all, wanted])
  const [first, showAll] = useFirst(shown, 500, 'packages')
  if (all.length === 0) return <p>No package manager's database was found in the image.</p>
  return (
    <>
      <div className={styles.search}>
        <SearchField label="Filter packages" value={text} onChange={setText} placeholder="Name or version" />
        <p role="status">
          {wanted ? `${shown.length} of ${counted(all.length, 'package')}` : counted(all.length, 'package')}
        </p>
      </div>
      <TableScroll label="Packages, table" short>
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Version</th>
              <th scope="col">Kind</th>
            </tr>
          </thead>
          <tbody>
            {first.map(({ key, name, version, kind }) => (
              <tr key={key}>
                <th className={styles.path} scope="row">
                  {name}
                </th>
                <td className={styles.path}>{version}</td>
                <td>{kind}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
      {showAll}
    </>
  )
}
