import { type ReactNode, useId } from 'react'
import { Chevron } from './chevron.tsx'
import styles from './field.module.css'

/** A labelled list of choices: the browser's own, which phones and screen readers know. `children` are its options. */
export function SelectField(props: {
  label: string
  value: string
  onChange: (value: string) => void
  children: ReactNode
}) {
  const { label, value, onChange, children } = props
  const id = useId()
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <span className={styles.select}>
        <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
          {children}
        </select>
        <Chevron />
      </span>
    </div>
  )
}
