import { lazy, Suspense, useMemo } from 'react'
import { Choice } from '../ui/choice.tsx'
import { Section } from '../ui/section.tsx'
import { Skeleton } from '../ui/skeleton.tsx'
import type { Answer } from './analyzer-api.ts'
import { buildGraph } from './graph.ts'
import { isAboutChanges } from './question.ts'
import type { View } from './selection.ts'
import { StageList } from './stage-list.tsx'
import { useMediaQuery } from './use-media-query.ts'

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
