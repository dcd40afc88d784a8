import type { Analysis, Edge } from '@stagecraft/dockerfile'
import { lazy, Suspense, useMemo, useSyncExternalStore } from 'react'
import { counted } from '../data/format.ts'
import { Choice } from '../ui/fields.tsx'
import { Section, Skeleton } from '../ui/text.tsx'
import { type Answer, isAboutChanges } from './analysis.ts'
import styles from './dockerfile.module.css'
import { buildGraph } from './graph.ts'
import type { View } from './selection.ts'
import {
  externalImages,
  fromLabel,
  lineId,
  originLabel,
  stageLabel,
  takeLabel,
  tally,
  tallyLabel,
} from './stages.ts'

const StageGraph = lazy(() => import('./stage-graph.tsx'))

// Beyond it a drawing shows nothing that can be read.
const maxDrawn = 80

/** The stages as a drawing or as a list: as it was chosen, or what there is room for. */
export function StagesPanel(props: {
  answer: Answer | undefined
  pending: boolean
  view: View | undefined
  onView: (view: View) => void
}) {
  const { answer, pending, view, onView } = props
  const roomy = useMediaQuery('(width >= 40rem)')
  const analysis = answer?.analysis
  const graph = useMemo(() => analysis && buildGraph(analysis), [analysis])
  const withOutcomes = answer !== undefined && isAboutChanges(answer.question)
  const drawable = graph !== undefined && graph.nodes.length <= maxDrawn
  const shown = drawable ? (view ?? (roomy ? 'graph' : 'list')) : 'list'
  if (!analysis && !pending) return null
  return (
    <Section
      flush
      title="Stages"
      aside={
        drawable && (
          <Choice
            label="Show the stages as"
            options={[
              { value: 'graph', text: 'Graph' },
              { value: 'list', text: 'List' },
            ]}
            value={shown}
            onChange={onView}
          />
        )
      }
    >
      {!analysis && <Skeleton height="24rem" />}
      {analysis && shown === 'list' && <StageList analysis={analysis} withOutcomes={withOutcomes} />}
      {graph && shown === 'graph' && (
        <figure aria-label="The stages and what each takes from which. The list says the same in words.">
          <Suspense fallback={<Skeleton height="24rem" />}>
            <StageGraph graph={graph} />
          </Suspense>
        </figure>
      )}
    </Section>
  )
}

/** The stages and what each takes from which: what the graph draws, in words. */
function StageList({ analysis, withOutcomes }: { analysis: Analysis; withOutcomes: boolean }) {
  const { stages, edges, instructions, target } = analysis
  const inStage = Map.groupBy(instructions, ({ stage }) => stage)
  const usedBy = Map.groupBy(edges, ({ to }) => to.stage)
  const images = externalImages(edges)
  return (
    <>
      <ol className={styles.stages}>
        {stages.map((stage) => {
          const counts = tally(inStage.get(stage.index) ?? [])
          const reruns = withOutcomes ? tallyLabel(counts) : ''
          const uses = usedBy.get(stage.index)?.filter(({ by }) => by !== 'FROM') ?? []
          return (
            <li key={stage.index} className={styles.listedStage} data-unneeded={!stage.reached || undefined}>
              <p className={styles.listedName}>
                <a href={`#${lineId(stage.line)}`}>{stageLabel(stage)}</a>
                {stage.index === target && <strong className={styles.listedTarget}>target</strong>}
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

/** Whether a media query holds; it may change while the page is open. */
function useMediaQuery(query: string): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const list = matchMedia(query)
      list.addEventListener('change', onChange)
      return () => list.removeEventListener('change', onChange)
    },
    () => matchMedia(query).matches,
  )
}
