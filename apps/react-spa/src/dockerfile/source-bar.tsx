import type { Analysis, Stage } from '@stagecraft/dockerfile'
import type { ImageReport } from '@stagecraft/report/schema'
import type { ReactNode } from 'react'
import { Command } from '../ui/code-block.tsx'
import { SelectField } from '../ui/select-field.tsx'
import { buildCommand, imagesOf } from './build-command.ts'
import styles from './source-bar.module.css'
import { findStage, stageLabel, stageTarget } from './stages.ts'

/** Which Dockerfile, which of its stages, and the command that builds it. */
export function SourceBar(props: {
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
