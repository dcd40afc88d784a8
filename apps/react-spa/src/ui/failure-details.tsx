import type { Failure } from '@stagecraft/report/schema'
import { imageName } from '../data/images.ts'
import { failureWords } from '../data/progress.ts'
import { CodeBlock } from './code-block.tsx'
import styles from './failure-details.module.css'
import { LongText } from './long-text.tsx'

/** Why an image could not be measured; opened, with what was seen. */
export function FailureDetails({ failure }: { failure: Failure }) {
  return (
    <LongText text={failureWords(failure)}>
      <div className={styles.message}>
        <CodeBlock code={failure.message} what={`the message about ${imageName(failure)}`} />
      </div>
    </LongText>
  )
}
