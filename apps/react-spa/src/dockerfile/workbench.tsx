import type { ImageReport } from '@stagecraft/report/schema'
import type { ReactNode } from 'react'
import { AnalysisProblem } from './analysis-problem.tsx'
import { ChangePicker } from './change-picker.tsx'
import { DockerfilePanel } from './dockerfile-panel.tsx'
import type { Selection } from './selection.ts'
import { SourceBar } from './source-bar.tsx'
import { StagesPanel } from './stages-panel.tsx'
import { SummaryLine } from './summary-line.tsx'
import { type Source, useAnalysis } from './use-analysis.ts'
import type { Select } from './use-selection.ts'
import styles from './workbench.module.css'

/**
 * Asks about a Dockerfile and shows the answer. `files` are the paths that can be suggested as changed, `chooser` is where
 * another Dockerfile is chosen, `goToLine` shows a line where the text is typed.
 */
export function Workbench(props: {
  source: Source
  images: readonly ImageReport[]
  files: readonly string[]
  selection: Selection
  select: Select
  chooser?: ReactNode
  goToLine?: (line: number) => void
}) {
  const { source, images, files, selection, select, chooser, goToLine } = props
  const state = useAnalysis(source, selection)
  const { outline, answer, failure, pending } = state
  return (
    <div className={styles.workbench}>
      <SourceBar
        file={source.file}
        context={source.context}
        images={images}
        outline={outline}
        target={selection.target}
        onTarget={(target) => select({ target })}
        chooser={chooser}
      />
      <AnalysisProblem state={state} target={selection.target} goToLine={goToLine} />
      {(answer || source.file) && (
        <div className={styles.work}>
          <div className={styles.question}>
            <ChangePicker
              changes={selection.changes}
              onChanges={(changes) => select({ changes })}
              outline={outline}
              files={files}
              dockerignore={source.file === undefined ? '' : source.dockerignore}
            />
            {answer && <SummaryLine answer={answer} />}
          </div>
          <StagesPanel
            answer={answer}
            pending={pending && !failure}
            view={selection.view}
            onView={(view) => select({ view })}
          />
          <div className={styles.text}>
            <DockerfilePanel
              file={source.file}
              text={answer?.question.dockerfile ?? source.dockerfile}
              answer={answer}
              changes={selection.changes}
              onChanges={(changes) => select({ changes })}
            />
          </div>
        </div>
      )}
    </div>
  )
}
