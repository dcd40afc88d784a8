import type { Analysis } from '@stagecraft/dockerfile'
import { useMemo, useState } from 'react'
import { count } from '../data/format.ts'
import { Button } from '../ui/buttons.tsx'
import { CopyButton } from '../ui/copy.tsx'
import { Section, TextWithCode, VisuallyHidden } from '../ui/text.tsx'
import { type Answer, isAboutChanges } from './analysis.ts'
import styles from './dockerfile.module.css'
import { OutcomeMark } from './outcome-mark.tsx'
import type { ChosenChange } from './selection.ts'
import { lineId, stageLabel } from './stages.ts'
import { blocksUpTo, lastLine, type SourceBlock, sourceBlocks } from './text.ts'

/** The text, with what becomes of it. Without an answer, the text alone. */
export function DockerfilePanel(props: {
  file: string | undefined
  text: string
  answer: Answer | undefined
  changes: readonly ChosenChange[]
  onChanges: (changes: readonly ChosenChange[]) => void
}) {
  const { file, text, answer, changes, onChanges } = props
  const changedLine = changes.find((change) => 'instruction' in change)?.instruction
  const changeLine = (line: number | undefined): void => {
    const others = changes.filter((change) => !('instruction' in change))
    onChanges(line === undefined ? others : [...others, { instruction: line }])
  }
  return (
    <Section
      flush
      title={file ?? 'The text, step by step'}
      aside={<CopyButton text={text} what="the Dockerfile" />}
    >
      <DockerfileText
        text={text}
        analysis={answer?.analysis}
        withOutcomes={answer !== undefined && isAboutChanges(answer.question)}
        changedLine={changedLine}
        onLine={changeLine}
      />
    </Section>
  )
}

// As many as a browser shows without delay. A Dockerfile that a person wrote has fewer.
const maxLines = 2000

/**
 * A Dockerfile line by line, with what becomes of each instruction. The number of an instruction's first line is a button
 * that changes it.
 */
function DockerfileText(props: {
  text: string
  analysis: Analysis | undefined
  withOutcomes: boolean
  changedLine: number | undefined
  /** Told which line changes, undefined: none. */
  onLine: (line: number | undefined) => void
}) {
  const { text, analysis, withOutcomes, changedLine, onLine } = props
  const [all, setAll] = useState(false)
  const blocks = useMemo(() => sourceBlocks(text, analysis?.instructions ?? []), [text, analysis])
  const last = lastLine(blocks)
  const shown = all ? blocks : blocksUpTo(blocks, maxLines)
  return (
    <>
      <ol className={styles.source}>
        {shown.map((block) => {
          const changed = changedLine !== undefined && holds(block, changedLine)
          return (
            <Block
              key={block.line}
              block={block}
              analysis={analysis}
              withOutcome={withOutcomes}
              changed={changed}
              onToggle={() => onLine(changed ? undefined : block.line)}
            />
          )
        })}
      </ol>
      {!all && last > maxLines && (
        <p className={styles.more}>
          It goes on to line {count(last)}. <Button onClick={() => setAll(true)}>Show all lines</Button>
        </p>
      )}
    </>
  )
}

function Block(props: {
  block: SourceBlock
  analysis: Analysis | undefined
  withOutcome: boolean
  changed: boolean
  onToggle: () => void
}) {
  const { block, analysis, withOutcome, changed, onToggle } = props
  const { line, lines, instruction } = block
  const { outcome, why } = (withOutcome && instruction) || {}
  const stage = instruction?.stage === undefined ? undefined : analysis?.stages[instruction.stage]
  const target = analysis?.stages[analysis.target]
  const unneeded = stage?.reached === false
  return (
    <li
      className={styles.block}
      id={lineId(line)}
      data-keyword={instruction?.keyword ?? 'none'}
      data-outcome={outcome}
      data-unneeded={unneeded || undefined}
    >
      <div>
        {lines.map((code, index) => (
          <div key={index} className={styles.codeLine}>
            {instruction && index === 0 ? (
              <button
                type="button"
                className={styles.number}
                aria-pressed={changed}
                title={changed ? 'Changed: press to leave it as it was' : 'Change this instruction'}
                onClick={onToggle}
              >
                <VisuallyHidden>Change line </VisuallyHidden>
                {line}
              </button>
            ) : (
              <span className={styles.number} aria-hidden="true">
                {line + index}
              </span>
            )}
            <code className={styles.code}>{code}</code>
          </div>
        ))}
      </div>
      {outcome && (
        <p className={styles.outcome}>
          <OutcomeMark outcome={outcome} />
          {why && (
            <span>
              {' '}
              <TextWithCode text={why} />
            </span>
          )}
        </p>
      )}
      {unneeded && target && instruction?.keyword === 'FROM' && (
        <p className={styles.outcome}>not needed for {stageLabel(target)}</p>
      )}
    </li>
  )
}

const holds = ({ line, lines }: SourceBlock, wanted: number): boolean =>
  line <= wanted && wanted < line + lines.length
