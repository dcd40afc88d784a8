import { type RefObject, useEffect, useId, useState } from 'react'
import styles from './pasted-fields.module.css'
import { keepPasted, type PastedText, readPasted } from './pasted-text.ts'

const typingMs = 300

/** Where the text is typed. `onSettled` is told of it when the typing pauses. */
export function PastedFields(props: {
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
      <div className={styles.field}>
        <label htmlFor={id}>Text of the Dockerfile</label>
        <textarea
          {...plain}
          id={id}
          ref={area}
          className={styles.dockerfile}
          value={text.dockerfile}
          placeholder="FROM node:24-slim …"
          onChange={(event) => change({ dockerfile: event.target.value })}
        />
        <p>It stays in this tab. fastify-service reads it, and keeps nothing.</p>
      </div>
      <details className={styles.field} open={ignoreOpen}>
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
