import type { Report } from '@stagecraft/report/schema'
import { counted, duration } from '../data/format.ts'
import { imageName, progressWords, unmeasured } from '../data/images.ts'
import { useNow } from '../data/use-report.ts'
import { Command } from '../ui/copy.tsx'
import { FailureDetails, ProblemPanel } from '../ui/problems.tsx'
import { VisuallyHidden } from '../ui/text.tsx'
import styles from './compare.module.css'

const tickMs = 10_000
const silentAfterMs = 60_000

/** How far a report has come, and which images could not be measured; nothing where all are. `changedAt`: its last news. */
export function Progress({ report, changedAt }: { report: Report; changedAt: number }) {
  const { state, failures = [] } = report
  if (state !== 'running' && state !== 'interrupted' && failures.length === 0) return null
  return (
    <div className={styles.progress}>
      {state === 'running' && <Running report={report} changedAt={changedAt} />}
      {state === 'interrupted' && (
        <ProblemPanel tone="notice" title="Measuring was stopped">
          <p>{progressWords(report)}. To go on, in the repository:</p>
          <Command>npm start</Command>
        </ProblemPanel>
      )}
      {failures.length > 0 && (
        <ProblemPanel tone="failure" title={`${counted(failures.length, 'image')} could not be measured`}>
          {failures.map((failure) => (
            <FailureDetails key={imageName(failure)} failure={failure} />
          ))}
        </ProblemPanel>
      )}
    </div>
  )
}

function Running({ report, changedAt }: { report: Report; changedAt: number }) {
  const { planned = [], doing } = report
  const silentMs = useNow(tickMs) - changedAt
  const silent = silentMs > silentAfterMs
  const count = planned.length > 0 && {
    max: planned.length,
    value: planned.length - unmeasured(report).length,
  }
  return (
    <section className={styles.running} aria-label="Progress">
      <p className={silent ? styles.silent : styles.doing}>
        {silent ? `No news for ${duration(silentMs)}; see the terminal. The last: ` : 'Measuring: '}
        {doing || 'getting ready'}
      </p>
      {/* What is said aloud changes with the figures, not with each step or minute. */}
      <p className={styles.progressCount} role="status">
        {progressWords(report)}
        {silent && <VisuallyHidden>, no news for more than a minute</VisuallyHidden>}
      </p>
      <progress className={styles.progressBar} aria-label="Images measured" {...count} />
    </section>
  )
}
