import { useEffect, useState } from 'react'
import { Button } from './button.tsx'
import styles from './copy-button.module.css'
import { copyText } from './copy-text.ts'
import { VisuallyHidden } from './visually-hidden.tsx'

const shownMs = 2000

/** Copies `text`. `what` ends its accessible name: "Copy the command". */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [outcome, setOutcome] = useState<'Copied' | 'Refused'>()
  useEffect(() => {
    if (!outcome) return
    const timer = setTimeout(() => setOutcome(undefined), shownMs)
    return () => clearTimeout(timer)
  }, [outcome])

  const copy = async (): Promise<void> => setOutcome((await copyText(text)) ? 'Copied' : 'Refused')
  return (
    <>
      <Button className={`${styles.copy}`} aria-label={`Copy ${what}`} onClick={copy}>
        {outcome ?? 'Copy'}
      </Button>
      <VisuallyHidden>
        <span role="status">{outcome === 'Refused' ? 'The browser refused to copy' : outcome}</span>
      </VisuallyHidden>
    </>
  )
}
