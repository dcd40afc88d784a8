import type { Contents } from '@stagecraft/report/schema'
import { counted } from '../../data/format.ts'
import styles from './tools.module.css'

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
      <p className={styles.count}>{paths.length === 0 ? 'None' : counted(paths.length, 'file')}</p>
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
