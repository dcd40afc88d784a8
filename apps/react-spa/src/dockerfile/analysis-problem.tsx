import { type Problem, ServiceError } from '../data/fetch.ts'
import { Button } from '../ui/buttons.tsx'
import { ProblemPanel, ServiceProblemPanel } from '../ui/problems.tsx'
import { type AnalysisState, maxQuestionBytes } from './analysis.ts'
import styles from './dockerfile.module.css'
import { findStage } from './stages.ts'
import { caretIndent, problemPlace } from './text.ts'

/** Why what is chosen has no answer, or none yet. */
export function AnalysisProblem(props: {
  state: AnalysisState
  target: string | undefined
  goToLine: ((line: number) => void) | undefined
}) {
  const { state, target, goToLine } = props
  const { tooLong, failure, answer, outline } = state
  if (tooLong)
    return (
      <ProblemPanel title="This text is too long">
        <p>
          fastify-service reads {maxQuestionBytes / 1024 / 1024} MiB at most, so it was not asked. Is this a
          Dockerfile?
        </p>
      </ProblemPanel>
    )
  if (failure)
    return (
      <div className={styles.problem}>
        <Failure failure={failure} goToLine={goToLine} />
        {answer && <p>Below is the last answer.</p>}
      </div>
    )
  if (outline && !findStage(outline.stages, target))
    return (
      <ProblemPanel title="There is no such stage">
        <p>
          This Dockerfile has no <code>{target}</code>. What you see is its last stage; the others are in the
          list above.
        </p>
      </ProblemPanel>
    )
  return null
}

function Failure({ failure, goToLine }: { failure: Error; goToLine: ((line: number) => void) | undefined }) {
  if (failure instanceof ServiceError && failure.problem && failure.status === 422)
    return <TextProblem problem={failure.problem} goToLine={goToLine} />
  if (failure instanceof ServiceError)
    return <ServiceProblemPanel error={failure} retrying={failure.transient} />
  return (
    <ProblemPanel title="The Dockerfile could not be analyzed">
      <p>{failure.message}</p>
    </ProblemPanel>
  )
}

/** What is wrong with the text, at its line and column. It comes and goes while somebody types, so it is said politely. */
function TextProblem(props: { problem: Problem; goToLine: ((line: number) => void) | undefined }) {
  const { problem, goToLine } = props
  const place = problemPlace(problem)
  return (
    <div role="status" className={styles.textProblem}>
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
