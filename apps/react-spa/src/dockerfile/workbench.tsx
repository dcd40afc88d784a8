import type { Analysis, Stage } from '@stagecraft/dockerfile'
import type { ImageReport } from '@stagecraft/report/schema'
import type { ReactNode } from 'react'
import { Command } from '../ui/copy.tsx'
import { SelectField } from '../ui/fields.tsx'
import { type Answer, isAboutChanges, type Source, useAnalysis } from './analysis.ts'
import { AnalysisProblem } from './analysis-problem.tsx'
import { buildCommand, imagesOf } from './build.ts'
import { ChangePicker } from './change-picker.tsx'
import styles from './dockerfile.module.css'
import { DockerfilePanel } from './dockerfile-text.tsx'
import type { Select, Selection } from './selection.ts'
import { findStage, firstLine, lineId, stageLabel, stageTarget, summarize } from './stages.ts'
import { StagesPanel } from './stages-panel.tsx'

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
          <div className={styles.whole}>
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

/** Which Dockerfile, which of its stages, and the command that builds it. */
function SourceBar(props: {
  file: string | undefined
  context: string | undefined
  images: readonly ImageReport[]
  outline: Analysis | undefined
  target: string | undefined
  onTarget: (target: string) => void
  chooser: ReactNode
}) {
  const { file, context, images, outline, target, onTarget, chooser } = props
  const stages = outline?.stages ?? []
  const stage = findStage(stages, target) ?? stages.at(-1)
  if (!chooser && !stage) return null

  const chooseStage = (index: string): void => {
    const chosen = stages[Number(index)]
    if (chosen) onTarget(stageTarget(stages, chosen))
  }

  const optionOf = (each: Stage): string => {
    const made = file === undefined ? [] : imagesOf(images, file, stages, each)
    return [stageLabel(each), ...made.map(({ image }) => `(${image})`)].join(' ')
  }

  return (
    <div className={styles.bar}>
      {chooser}
      {stage && (
        <>
          <SelectField label="Stage to build" value={String(stage.index)} onChange={chooseStage}>
            {stages.map((each) => (
              <option key={each.index} value={each.index}>
                {optionOf(each)}
              </option>
            ))}
          </SelectField>
          <div className={styles.command}>
            <Command>{buildCommand({ images, file, context, stages, stage })}</Command>
          </div>
        </>
      )}
    </div>
  )
}

/** What the answer comes to, in a sentence, and what it could not follow. */
function SummaryLine({ answer: { question, analysis } }: { answer: Answer }) {
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
