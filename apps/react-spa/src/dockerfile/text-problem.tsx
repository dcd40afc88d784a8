import type { Problem } from '../data/service-error.ts'
import { Button } from '../ui/button.tsx'
import { caretIndent, problemPlace } from './place.ts'
import styles from './text-problem.module.css'

/** What is wrong with the text, at its line and column. It comes and goes while somebody types, so it is said politely. */
export function TextProblem(props: { problem: Problem; goToLine: ((line: number) => void) | undefined }) {
  const { problem, goToLine } = props
  const place = problemPlace(problem)
  return (
    <div role="status" className={styles.problem}>
      <p className={styles.title}>
        {place && `Line ${place.line}, column ${place.column}: `}
        {problem.detail ?? problem.title}
      </p>
      {place && (
        <div className={styles.place}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <pre className={styles.excerpt} tabIndex={0}>
            <code>{place.text}</code>
            {place.column <= place.text.length + 1 && (
              <span aria-hidden="true">{`\n${caretIndent(place)}^`}</span>
            )}
          </pre>
          {goToLine && <Button onClick={() => goToLine(place.line)}>Go to line {place.line}</Button>}
        </div>
      )}
    </div>
  )
}
