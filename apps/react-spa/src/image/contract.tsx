import type { ImageReport } from '@stagecraft/report/schema'
import { Command, CopyButton } from '../ui/copy.tsx'
import { ProblemPanel } from '../ui/problems.tsx'
import { LongText, TextWithCode } from '../ui/text.tsx'
import styles from './image.module.css'
import { type PromiseResult, summarize, worstFirst } from './lists.ts'

/** How the image kept the promises that every image makes, the broken ones first. */
export function Contract({ image: { contract } }: { image: ImageReport }) {
  if (!contract || contract.length === 0)
    return (
      <ProblemPanel tone="notice" title="This report has no contract results" headingLevel={3}>
        <p>Checking the promises boots each image several times, so it is done when asked for:</p>
        <Command>pnpm compare --contract --dashboard</Command>
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

const signs: Record<PromiseResult['verdict'], { word: string; path: string }> = {
  pass: { word: 'Pass', path: 'm2 6.5 3 3 5-7' },
  excused: { word: 'Excused', path: 'M2 6h8' },
  fail: { word: 'Fail', path: 'm2.5 2.5 7 7m0-7-7 7' },
}

/** A word and a sign of its own, so that colour is not needed. */
function Verdict({ verdict }: { verdict: PromiseResult['verdict'] }) {
  const { word, path } = signs[verdict]
  return (
    <span className={styles[verdict]}>
      <svg width="12" height="12" viewBox="0 0 12 12" fill="none" stroke="currentColor" aria-hidden="true">
        <path d={path} strokeWidth="1.75" />
      </svg>
      {word}
    </span>
  )
}
