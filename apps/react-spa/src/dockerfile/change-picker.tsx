import { Autocomplete } from '@base-ui/react/autocomplete'
import type { Analysis } from '@stagecraft/dockerfile'
import { type FormEvent, useId, useMemo, useState } from 'react'
import { Button } from '../ui/buttons.tsx'
import { CodeBlock } from '../ui/copy.tsx'
import { Choice } from '../ui/fields.tsx'
import ui from '../ui/ui.module.css'
import {
  allSuggestions,
  changeLabel,
  matchingSuggestions,
  type Suggestion,
  type SuggestionGroup,
  whyUnknown,
} from './changes.ts'
import styles from './dockerfile.module.css'
import { type ChosenChange, changeKey, type PathKind, withChange, withoutChange } from './selection.ts'

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

/** Takes one change at a time: a suggestion, or any path that is typed. */
function ChangeInput(props: {
  suggestions: readonly SuggestionGroup[]
  chosen: readonly ChosenChange[]
  onAdd: (change: ChosenChange) => void
}) {
  const { suggestions, chosen, onAdd } = props
  const [query, setQuery] = useState('')
  const id = useId()
  const matching = matchingSuggestions(suggestions, query, chosen)

  const addTyped = (event: FormEvent): void => {
    event.preventDefault()
    const path = query.trim()
    if (path === '') return
    onAdd({ path, what: 'content' })
    setQuery('')
  }
  return (
    <form className={styles.form} onSubmit={addTyped}>
      <Autocomplete.Root
        items={matching}
        mode="none"
        openOnInputClick
        value={query}
        onValueChange={(value, { reason }) => {
          if (reason !== 'item-press') setQuery(value)
        }}
        itemToStringValue={({ label }: Suggestion) => label}
      >
        <div className={styles.changeField}>
          <label htmlFor={id}>A file, build argument or base image</label>
          <Autocomplete.Input
            id={id}
            className={styles.input}
            placeholder="src/main.ts"
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
          />
        </div>
        <Autocomplete.Portal>
          <Autocomplete.Positioner className={styles.positioner} sideOffset={4}>
            <Autocomplete.Popup className={`${ui.popup} ${styles.popup}`}>
              <Autocomplete.Empty>
                <p className={styles.empty}>Nothing known by that name. Enter takes it as a path.</p>
              </Autocomplete.Empty>
              <Autocomplete.List className={styles.suggestions}>
                {(group: SuggestionGroup) => (
                  <Autocomplete.Group key={group.name} items={group.items}>
                    <Autocomplete.GroupLabel className={styles.group}>{group.name}</Autocomplete.GroupLabel>
                    <Autocomplete.Collection>
                      {(item: Suggestion) => (
                        <Autocomplete.Item
                          key={item.key}
                          value={item}
                          className={styles.item}
                          onClick={() => {
                            onAdd(item.change)
                            setQuery('')
                          }}
                        >
                          {item.label}
                        </Autocomplete.Item>
                      )}
                    </Autocomplete.Collection>
                  </Autocomplete.Group>
                )}
              </Autocomplete.List>
            </Autocomplete.Popup>
          </Autocomplete.Positioner>
        </Autocomplete.Portal>
      </Autocomplete.Root>
      <Button type="submit">Add</Button>
      <p className={styles.hint}>An instruction: press the number of its line in the text.</p>
    </form>
  )
}

const pathKinds: { value: PathKind; text: string }[] = [
  { value: 'content', text: 'content' },
  { value: 'mode', text: 'mode' },
  { value: 'time', text: 'time' },
]

/** The changes that are chosen, in the order they were. */
function ChangeList(props: {
  changes: readonly ChosenChange[]
  onChanges: (changes: readonly ChosenChange[]) => void
  outline: Analysis | undefined
}) {
  const { changes, onChanges, outline } = props
  return (
    <ul className={styles.changes} aria-label="Changes">
      {changes.map((change) => {
        const why = outline && whyUnknown(change, outline)
        const label = changeLabel(change)
        return (
          <li key={changeKey(change)} className={styles.change}>
            <span className={styles.kind}>{kindOf(change)}</span>
            <span className={styles.changeLabel}>
              <code>{label}</code>
              {why && <span className={styles.unknown}> {why}, and is left out</span>}
            </span>
            {'path' in change && (
              <Choice
                label={`What of ${label} changed`}
                options={pathKinds}
                value={change.what}
                onChange={(what) => onChanges(withChange(changes, { ...change, what }))}
              />
            )}
            <Button
              className={styles.remove}
              aria-label={`Remove ${label}`}
              onClick={() => onChanges(withoutChange(changes, change))}
            >
              Remove
            </Button>
          </li>
        )
      })}
    </ul>
  )
}

function kindOf(change: ChosenChange): string {
  if ('path' in change) return 'File'
  if ('arg' in change) return 'Argument'
  return 'base' in change ? 'Image' : 'Instruction'
}
