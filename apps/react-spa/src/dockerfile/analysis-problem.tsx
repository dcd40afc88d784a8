import { ServiceError } from '../data/service-error.ts'
import { ProblemPanel } from '../ui/problem-panel.tsx'
import { ServiceProblemPanel } from '../ui/service-problem-panel.tsx'
import styles from './analysis-problem.module.css'
import { maxQuestionBytes } from './question.ts'
import { findStage } from './stages.ts'
import { TextProblem } from './text-problem.tsx'
import type { AnalysisState } from './use-analysis.ts'

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
