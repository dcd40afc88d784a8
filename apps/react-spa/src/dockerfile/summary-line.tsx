import type { Answer } from './analyzer-api.ts'
import { firstLine, summarize } from './outcome.ts'
import { isAboutChanges } from './question.ts'
import { lineId } from './stages.ts'
import styles from './summary-line.module.css'

/** What the answer comes to, in a sentence, and what it could not follow. */
export function SummaryLine({ answer: { question, analysis } }: { answer: Answer }) {
  const { text, first } = summarize(analysis, isAboutChanges(question))
  return (
    <div className={styles.summary}>
      <p role="status" className={styles.sentence}>
        {text}
        {first && (
          <>
            {' '}
            <a href={`#${lineId(first.line)}`}>line {first.line}</a>: <code>{firstLine(first)}</code>
          </>
        )}
      </p>
      {analysis.notes.map((note) => (
        <p key={`${note.line} ${note.text}`} className={styles.note}>
          <a href={`#${lineId(note.line)}`}>Line {note.line}</a>: {note.text}.
        </p>
      ))}
    </div>
  )
}
