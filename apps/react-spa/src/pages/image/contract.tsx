import type { ImageReport } from '@stagecraft/report/schema'
import { type PromiseResult, summarize, worstFirst } from '../../data/contract.ts'
import { Command } from '../../ui/code-block.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { LongText } from '../../ui/long-text.tsx'
import { ProblemPanel } from '../../ui/problem-panel.tsx'
import { TextWithCode } from '../../ui/text-with-code.tsx'
import styles from './contract.module.css'
import { Verdict } from './verdict.tsx'

/** How the image kept the promises that every image makes, the broken ones first. */
export function Contract({ image: { contract } }: { image: ImageReport }) {
  if (!contract || contract.length === 0)
    return (
      <ProblemPanel tone="notice" title="This report has no contract results" headingLevel={3}>
        <p>Checking the promises boots each image several times, so it is done when asked for:</p>
        <Command>pnpm compare --contract --output report.json</Command>
      </ProblemPanel>
    )
  return (
    <>
      <p className={styles.summary}>{summarize(contract)}</p>
      <ul className={styles.promises}>
        {worstFirst(contract).map((result) => (
          <PromiseItem key={result.id} {...result} />
        ))}
      </ul>
    </>
  )
}

/** What was promised stands beside the id, but for a report from before it was in one. */
function PromiseItem({ id, promise, verdict, detail }: PromiseResult) {
  return (
    <li className={styles.promise}>
      <code>{id}</code>
      <Verdict verdict={verdict} />
      <div className={styles.words}>
        {promise && (
          <p className={styles.text}>
            <TextWithCode text={promise} />
          </p>
        )}
        {detail && <Detail id={id} detail={detail} />}
      </div>
    </li>
  )
}

const longest = 200

function Detail({ id, detail }: { id: string; detail: string }) {
  if (detail.length <= longest && !detail.includes('\n')) return <p>{detail}</p>
  return (
    <LongText text={detail}>
      <CopyButton text={detail} what={`the detail of ${id}`} />
    </LongText>
  )
}
