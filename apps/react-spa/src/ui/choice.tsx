import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import styles from './choice.module.css'

/** One of a few, all of them seen. */
export function Choice<Value extends string>(props: {
  label: string
  options: { value: Value; text: string }[]
  value: Value
  onChange: (value: Value) => void
}) {
  const { label, options, value, onChange } = props
  return (
    <ToggleGroup
      className={styles.group}
      aria-label={label}
      value={[value]}
      onValueChange={([chosen]) => chosen && onChange(chosen)}
    >
      {options.map((option) => (
        <Toggle key={option.value} value={option.value} className={styles.option}>
          {option.text}
        </Toggle>
      ))}
    </ToggleGroup>
  )
}
