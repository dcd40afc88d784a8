import type { Analysis, Edge } from '@stagecraft/dockerfile'
import { externalImages, fromLabel, stageLabel, type Tally, takeLabel, tally } from './stages.ts'

export interface StageNode {
  kind: 'stage'
  id: string
  label: string
  from: string
  line: number
  reached: boolean
  isTarget: boolean
  tally: Tally
}

export interface ImageNode {
  kind: 'image'
  id: string
  label: string
  reached: boolean
}

export type GraphNode = StageNode | ImageNode

/** All that one stage takes from another or from an image. */
export interface GraphEdge {
  id: string
  source: string
  target: string
  label: string
  /** Whether the target of the build needs it. */
  reached: boolean
}

export interface Graph {
  nodes: GraphNode[]
  edges: GraphEdge[]
}

/** The stages and the images they use, and one edge for all that a stage takes from the same place. */
export function buildGraph({ stages, edges, instructions, target }: Analysis): Graph {
  const needed = new Set(
    edges.filter(({ to }) => stages[to.stage]?.reached).map(({ from }) => originId(from)),
  )
  const images = externalImages(edges).map((image): ImageNode => {
    const id = originId({ image })
    return { kind: 'image', id, label: image, reached: needed.has(id) }
  })
  const inStage = Map.groupBy(instructions, ({ stage }) => stage)
  const nodes = stages.map(
    (stage): StageNode => ({
      kind: 'stage',
      id: originId({ stage: stage.index }),
      label: stageLabel(stage),
      from: fromLabel(stages, stage),
      line: stage.line,
      reached: stage.reached,
      isTarget: stage.index === target,
      tally: tally(inStage.get(stage.index) ?? []),
    }),
  )
  const pairs = Map.groupBy(edges, ({ from, to }) => `${originId(from)} ${originId(to)}`)
  return {
    nodes: [...images, ...nodes],
    edges: [...pairs].flatMap(([id, uses]) => {
      const [first] = uses
      if (!first) return []
      return {
        id,
        source: originId(first.from),
        target: originId(first.to),
        label: usesLabel(uses),
        reached: stages[first.to.stage]?.reached ?? false,
      }
    }),
  }
}

/** The same for graphs of the same stages, whatever becomes of their steps. */
export function graphShape({ nodes, edges }: Graph): string {
  return JSON.stringify([
    nodes.map(({ id, label }) => [id, label]),
    edges.map(({ id, label }) => [id, label]),
  ])
}

/** `FROM, COPY ×2` */
function usesLabel(uses: readonly Edge[]): string {
  return [...Map.groupBy(uses, ({ by }) => by)]
    .map(([by, { length }]) => (length > 1 ? `${takeLabel(by)} ×${length}` : takeLabel(by)))
    .join(', ')
}

function originId(origin: Edge['from']): string {
  return 'image' in origin ? `image:${origin.image}` : `stage:${origin.stage}`
}
