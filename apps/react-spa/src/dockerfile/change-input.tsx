import { Autocomplete } from '@base-ui/react/autocomplete'
import { type FormEvent, useId, useState } from 'react'
import { Button } from '../ui/button.tsx'
import popup from '../ui/popup.module.css'
import styles from './change-input.module.css'
import type { ChosenChange } from './selection.ts'
import { matchingSuggestions, type Suggestion, type SuggestionGroup } from './suggestions.ts'

/** Takes one change at a time: a suggestion, or any path that is typed. */
export function ChangeInput(props: {
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
        <div className={styles.field}>
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
            <Autocomplete.Popup className={`${popup.popup} ${styles.popup}`}>
              <Autocomplete.Empty>
                <p className={styles.empty}>Nothing known by that name. Enter takes it as a path.</p>
              </Autocomplete.Empty>
              <Autocomplete.List className={styles.list}>
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
