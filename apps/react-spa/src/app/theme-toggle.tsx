import { useState } from 'react'
import { Choice } from '../ui/choice.tsx'
import { currentTheme, setTheme, type Theme } from './theme.ts'

const options: { value: Theme; text: string }[] = [
  { value: 'system', text: 'System' },
  { value: 'light', text: 'Light' },
  { value: 'dark', text: 'Dark' },
]

export function ThemeToggle() {
  const [theme, show] = useState(currentTheme)
  const choose = (value: Theme): void => {
    setTheme(value)
    show(value)
  }
  return <Choice label="Theme" options={options} value={theme} onChange={choose} />
}
