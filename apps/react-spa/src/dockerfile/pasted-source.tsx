import { type RefObject, useEffect, useId, useRef, useState } from 'react'
import styles from './dockerfile.module.css'
import type { Select, Selection } from './selection.ts'
import { lineRange } from './text.ts'
import { Workbench } from './workbench.tsx'

/** A Dockerfile that somebody pastes, and a .dockerignore if it has one. */
export function PastedSource({ selection, select }: { selection: Selection; select: Select }) {
  const [text, setText] = useState(readPasted)
  const area = useRef<HTMLTextAreaElement>(null)

  const goToLine = (line: number): void => {
    area.current?.focus()
    area.current?.setSelectionRange(...lineRange(area.current.value, line))
  }
  return (
    <>
      <PastedFields area={area} onSettled={setText} />
      <Workbench
        source={text}
        images={[]}
        files={[]}
        selection={selection}
        select={select}
        goToLine={goToLine}
      />
    </>
  )
}

const typingMs = 300

/** Where the text is typed. `onSettled` is told of it when the typing pauses. */
function PastedFields(props: {
  area: RefObject<HTMLTextAreaElement | null>
  onSettled: (text: PastedText) => void
}) {
  const { area, onSettled } = props
  const [text, setText] = useState(readPasted)
  const [ignoreOpen] = useState(text.dockerignore !== '')
  const id = useId()

  useEffect(() => {
    const timer = setTimeout(() => onSettled(text), typingMs)
    return () => clearTimeout(timer)
  }, [text, onSettled])

  const change = (part: Partial<PastedText>): void => {
    const changed = { ...text, ...part }
    setText(changed)
    keepPasted(changed)
  }
  const plain = { wrap: 'off', spellCheck: false, autoCapitalize: 'off', autoComplete: 'off' } as const
  return (
    <div className={styles.fields}>
      <div className={styles.pasted}>
        <label htmlFor={id}>Text of the Dockerfile</label>
        <textarea
          {...plain}
          id={id}
          ref={area}
          className={styles.dockerfile}
          value={text.dockerfile}
          placeholder="FROM node:26-slim …"
          onChange={(event) => change({ dockerfile: event.target.value })}
        />
        <p>It stays in this tab. fastify-service reads it, and keeps nothing.</p>
      </div>
      <details className={styles.pasted} open={ignoreOpen}>
        <summary>.dockerignore</summary>
        <textarea
          {...plain}
          className={styles.dockerignore}
          aria-label="Text of .dockerignore"
          value={text.dockerignore}
          placeholder="None: every path is in the build context."
          onChange={(event) => change({ dockerignore: event.target.value })}
        />
      </details>
    </div>
  )
}

interface PastedText {
  dockerfile: string
  /** Empty: everything is in the context. */
  dockerignore: string
}

const key = 'stagecraft.pasted'

/** The text that this tab was given; empty if there is none. */
function readPasted(): PastedText {
  try {
    const { dockerfile, dockerignore } = JSON.parse(sessionStorage.getItem(key) ?? '{}')
    return { dockerfile: String(dockerfile ?? ''), dockerignore: String(dockerignore ?? '') }
  } catch {
    return { dockerfile: '', dockerignore: '' }
  }
}

/** Keeps the text in this tab, reloads included. */
function keepPasted(text: PastedText): void {
  try {
    sessionStorage.setItem(key, JSON.stringify(text))
  } catch {
    // Full or switched off: the text lasts as long as the page.
  }
}
