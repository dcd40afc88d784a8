import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useSizeKind } from '../data/address.ts'
import type { SizeKind } from '../data/images.ts'
import ui from './ui.module.css'

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
      className={ui.group}
      aria-label={label}
      value={[value]}
      onValueChange={([chosen]) => chosen && onChange(chosen)}
    >
      {options.map((option) => (
        <Toggle key={option.value} value={option.value} className={ui.option}>
          {option.text}
        </Toggle>
      ))}
    </ToggleGroup>
  )
}

const sizes: { value: SizeKind; text: string }[] = [
  { value: 'pull', text: 'Pull, compressed' },
  { value: 'disk', text: 'Disk, unpacked' },
]

export function SizeChoice() {
  const [kind, setKind] = useSizeKind()
  return <Choice label="Size" options={sizes} value={kind} onChange={setKind} />
}

/**
 * A labelled text that narrows what is shown. `value` may follow late, as an address does: while somebody types, what is typed
 * stays.
 */
export function SearchField(props: {
  label: string
  value: string
  onChange: (value: string) => void
  placeholder?: string
}) {
  const { label, value, onChange, placeholder } = props
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (input.current && input.current !== document.activeElement) input.current.value = value
  }, [value])
  return (
    <div className={ui.field}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        ref={input}
        type="search"
        defaultValue={value}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  )
}

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
    <div className={ui.field}>
      <label htmlFor={id}>{label}</label>
      <span className={ui.select}>
        <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
          {children}
        </select>
        <Chevron />
      </span>
    </div>
  )
}

/** Points down: something opens below. */
export function Chevron() {
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" fill="none" stroke="currentColor" aria-hidden="true">
      <path d="M2.5 4.5 6 8l3.5-3.5" strokeWidth="1.5" />
    </svg>
  )
}
