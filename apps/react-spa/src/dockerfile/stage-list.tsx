import type { Analysis, Edge } from '@stagecraft/dockerfile'
import { counted } from '../data/format.ts'
import { tally, tallyLabel } from './outcome.ts'
import styles from './stage-list.module.css'
import { externalImages, fromLabel, lineId, originLabel, stageLabel, takeLabel } from './stages.ts'

/** The stages and what each takes from which: what the graph draws, in words. */
export function StageList({ analysis, withOutcomes }: { analysis: Analysis; withOutcomes: boolean }) {
  const { stages, edges, instructions, target } = analysis
  const inStage = Map.groupBy(instructions, ({ stage }) => stage)
  const usedBy = Map.groupBy(edges, ({ to }) => to.stage)
  const images = externalImages(edges)
  return (
    <>
      <ol className={styles.list}>
        {stages.map((stage) => {
          const counts = tally(inStage.get(stage.index) ?? [])
          const reruns = withOutcomes ? tallyLabel(counts) : ''
          const uses = usedBy.get(stage.index)?.filter(({ by }) => by !== 'FROM') ?? []
          return (
            <li key={stage.index} className={styles.stage} data-unneeded={!stage.reached || undefined}>
              <p className={styles.name}>
                <a href={`#${lineId(stage.line)}`}>{stageLabel(stage)}</a>
                {stage.index === target && <strong className={styles.target}>target</strong>}
              </p>
              <p>
                FROM {fromLabel(stages, stage)}, {counted(counts.instructions, 'instruction')}
                {reruns && <strong className={styles.reruns}>, {reruns}</strong>}
                {!stage.reached && ', not needed for the target'}
              </p>
              <Uses uses={uses} stages={stages} />
            </li>
          )
        })}
      </ol>
      {images.length > 0 && <p className={styles.images}>Images from elsewhere: {images.join(', ')}</p>}
    </>
  )
}

/** `COPY from build, lines 73, 74`: one for all that is taken in the same way from the same place. */
function Uses({ uses, stages }: { uses: readonly Edge[]; stages: Analysis['stages'] }) {
  if (uses.length === 0) return null
  const alike = Map.groupBy(uses, ({ by, from }) => `${takeLabel(by)} from ${originLabel(stages, from)}`)
  return (
    <ul className={styles.takes}>
      {[...alike].map(([label, each]) => (
        <li key={label}>
          {label}, {each.length === 1 ? 'line' : 'lines'}
          {each.map(({ line }, index) => (
            <span key={line}>
              {index > 0 && ','} <a href={`#${lineId(line)}`}>{line}</a>
            </span>
          ))}
        </li>
      ))}
    </ul>
  )
}
