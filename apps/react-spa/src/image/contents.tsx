import type { Contents } from '@stagecraft/report/schema'
import { useDeferredValue, useMemo } from 'react'
import { useQueryParam } from '../data/address.ts'
import { counted, megabytes } from '../data/format.ts'
import { SearchField } from '../ui/fields.tsx'
import { TableScroll } from '../ui/tables.tsx'
import ui from '../ui/ui.module.css'
import { useFirst } from '../ui/use-first.tsx'
import styles from './image.module.css'
import { filterPackages, listPackages } from './lists.ts'

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
        <table className={ui.table}>
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

export function LargestFiles({ files }: { files: Contents['largestFiles'] }) {
  if (files.length === 0) return <p>The image has no files.</p>
  return (
    <TableScroll label="Largest files, table" short>
      <table className={ui.table}>
        <thead>
          <tr>
            <th scope="col">Path</th>
            <th className={ui.number} scope="col">
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
              <td className={ui.number}>{megabytes(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  )
}

/** What somebody who breaks in would find: the lists that a distroless image has empty. */
export function Tools({ contents }: { contents: Contents }) {
  return (
    <div className={styles.lists}>
      <Paths title="Shells" paths={contents.shells} />
      <Paths title="Package managers" paths={contents.packageManagers} />
      <Paths title="Compilers" paths={contents.compilers} />
      <Paths title="Setuid and setgid files" paths={contents.setuidFiles} />
    </div>
  )
}

function Paths({ title, paths }: { title: string; paths: string[] }) {
  return (
    <div className={styles.list}>
      <h3>{title}</h3>
      <p className={styles.pathCount}>{paths.length === 0 ? 'None' : counted(paths.length, 'file')}</p>
      {paths.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <ul className={styles.paths} tabIndex={0} aria-label={title}>
          {paths.map((path) => (
            <li key={path}>{path}</li>
          ))}
        </ul>
      )}
    </div>
  )
}
