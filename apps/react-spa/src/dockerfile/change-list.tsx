import type { Analysis } from '@stagecraft/dockerfile'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import styles from './change-list.module.css'
import { type ChosenChange, changeKey, type PathKind, withChange, withoutChange } from './selection.ts'
import { changeLabel } from './suggestions.ts'
import { whyUnknown } from './unknown-change.ts'

const pathKinds: { value: PathKind; text: string }[] = [
  { value: 'content', text: 'content' },
  { value: 'mode', text: 'mode' },
  { value: 'time', text: 'time' },
]

/** The changes that are chosen, in the order they were. */
export function ChangeList(props: {
  changes: readonly ChosenChange[]
  onChanges: (changes: readonly ChosenChange[]) => void
  outline: Analysis | undefined
}) {
  const { changes, onChanges, outline } = props
  return (
    <ul className={styles.list} aria-label="Changes">
      {changes.map((change) => {
        const why = outline && whyUnknown(change, outline)
        const label = changeLabel(change)
        return (
          <li key={changeKey(change)} className={styles.change}>
            <span className={styles.kind}>{kindOf(change)}</span>
            <span className={styles.label}>
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
