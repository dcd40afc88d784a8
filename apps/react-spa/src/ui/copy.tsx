import { useEffect, useState } from 'react'
import { Button } from './buttons.tsx'
import { VisuallyHidden } from './text.tsx'
import ui from './ui.module.css'

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
      <Button className={`${ui.copy}`} aria-label={`Copy ${what}`} onClick={copy}>
        {outcome ?? 'Copy'}
      </Button>
      <VisuallyHidden>
        <span role="status">{outcome === 'Refused' ? 'The browser refused to copy' : outcome}</span>
      </VisuallyHidden>
    </>
  )
}

/** Text to copy, lines as they are. `what` ends the name of its copy button: "Copy the Dockerfile". */
export function CodeBlock({ code, what }: { code: string; what: string }) {
  return (
    <div className={ui.code}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre className={ui.scroll} tabIndex={0}>
        <code>{code}</code>
      </pre>
      <CopyButton text={code} what={what} />
    </div>
  )
}

/** A command line with its copy button. */
export function Command({ children }: { children: string }) {
  return <CodeBlock code={children} what={`the command ${children}`} />
}

/** Puts `text` on the clipboard; false when the browser refuses. */
async function copyText(text: string): Promise<boolean> {
  // There is no navigator.clipboard on a page served over plain HTTP from another machine.
  if (!navigator.clipboard) return copySelection(text)
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => copySelection(text),
  )
}

function copySelection(text: string): boolean {
  const area = document.createElement('textarea')
  area.value = text
  area.style.position = 'fixed'
  const focused = document.activeElement
  document.body.append(area)
  area.select()
  const copied = document.execCommand('copy')
  area.remove()
  if (focused instanceof HTMLElement) focused.focus()
  return copied
}
