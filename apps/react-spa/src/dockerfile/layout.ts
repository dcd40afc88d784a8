import {
  Graph as DagreGraph,
  layout as dagreLayout,
  type EdgeLabel,
  type NodeLabel,
  type Point,
} from '@dagrejs/dagre'
import type { Graph, GraphEdge, GraphNode } from './graph.ts'

/** In pixels of the drawing, before it is scaled to fit. */
export const nodeSize = { width: 140, height: 62 }
const labelSize = { perCharacter: 6, height: 14 }

/** `x` and `y` are the top left corner. */
export type PlacedNode = GraphNode & Point

export interface PlacedEdge extends GraphEdge {
  /** An SVG path from the bottom of the source to the top of the target. */
  path: string
  /** The centre of the label. */
  labelAt: Point
}

interface PlacedGraph {
  nodes: PlacedNode[]
  edges: PlacedEdge[]
  width: number
  height: number
}

/** Top to bottom: what a stage uses is above it. */
export function placeGraph({ nodes, edges }: Graph): PlacedGraph {
  const graph = new DagreGraph<object, NodeLabel, EdgeLabel>()
  graph.setGraph({ rankdir: 'TB', nodesep: 16, edgesep: 8, ranksep: 36, ranker: 'longest-path' })
  for (const { id } of nodes) graph.setNode(id, { ...nodeSize })
  for (const { source, target, label } of edges)
    graph.setEdge(source, target, {
      width: label.length * labelSize.perCharacter,
      height: labelSize.height,
      labelpos: 'c',
    })
  dagreLayout(graph)

  const centre = (id: string): Point => {
    const { x = 0, y = 0 } = graph.node(id)
    return { x, y }
  }
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number }
  const rows = new Set(nodes.map(({ id }) => centre(id).y))
  return {
    nodes: nodes.map((node) => {
      const { x, y } = centre(node.id)
      return { ...node, x: x - nodeSize.width / 2, y: y - nodeSize.height / 2 }
    }),
    edges: edges.map((edge) => {
      const { points = [], x = 0, y = 0 } = graph.edge(edge.source, edge.target)
      const between = points.slice(1, -1)
      const path = edgePath([centre(edge.source), ...between, centre(edge.target)], rows)
      return { ...edge, path, labelAt: { x, y } }
    }),
    width,
    height,
  }
}

/**
 * A path that goes straight down through each row of nodes and bends only between them, so that it runs through none.
 * It begins and ends at the border of a node.
 * @param rows the middle of each row
 */
function edgePath(points: readonly Point[], rows: ReadonlySet<number>): string {
  const stops = points.map(({ x, y }) => {
    const half = rows.has(y) ? nodeSize.height / 2 : 0
    return { x, top: y - half, bottom: y + half }
  })
  return stops
    .map(({ x, top, bottom }, index) => {
      const before = stops[index - 1]
      if (!before) return `M${x},${bottom}`
      const middle = (before.bottom + top) / 2
      const bend = `C${before.x},${middle} ${x},${middle} ${x},${top}`
      return index < stops.length - 1 && bottom > top ? `${bend} V${bottom}` : bend
    })
    .join(' ')
}
