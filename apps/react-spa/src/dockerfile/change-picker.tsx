import type { Analysis } from '@stagecraft/dockerfile'
import { useMemo } from 'react'
import { CodeBlock } from '../ui/code-block.tsx'
import { ChangeInput } from './change-input.tsx'
import { ChangeList } from './change-list.tsx'
import styles from './change-picker.module.css'
import { type ChosenChange, withChange } from './selection.ts'
import { allSuggestions } from './suggestions.ts'

/** Where it is said what has changed since the last build. */
export function ChangePicker(props: {
  changes: readonly ChosenChange[]
  onChanges: (changes: readonly ChosenChange[]) => void
  outline: Analysis | undefined
  files: readonly string[]
  /** The text of the .dockerignore that is applied; empty if there is none to show. */
  dockerignore: string
}) {
  const { changes, onChanges, outline, files, dockerignore } = props
  const suggestions = useMemo(() => allSuggestions(outline, files), [outline, files])
  return (
    <section className={styles.picker} aria-labelledby="dockerfile-changes">
      <h2 id="dockerfile-changes">What changed since the last build</h2>
      <ChangeInput
        suggestions={suggestions}
        chosen={changes}
        onAdd={(change) => onChanges(withChange(changes, change))}
      />
      {changes.length > 0 && <ChangeList changes={changes} onChanges={onChanges} outline={outline} />}
      {dockerignore !== '' && (
        <details className={styles.ignore}>
          <summary>What .dockerignore leaves out reruns nothing</summary>
          <CodeBlock code={dockerignore} what="the .dockerignore" />
        </details>
      )}
    </section>
  )
}
