import { CopyButton } from '../ui/copy-button.tsx'
import { Section } from '../ui/section.tsx'
import type { Answer } from './analyzer-api.ts'
import { DockerfileText } from './dockerfile-text.tsx'
import { isAboutChanges } from './question.ts'
import type { ChosenChange } from './selection.ts'

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
