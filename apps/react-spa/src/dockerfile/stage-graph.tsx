import '@xyflow/react/dist/style.css'
import {
  Controls,
  type Edge,
  type EdgeTypes,
  MarkerType,
  type Node,
  type NodeTypes,
  ReactFlow,
} from '@xyflow/react'
import { useMemo } from 'react'
import { type Graph, graphShape } from './graph.ts'
import { GraphNodeCard } from './graph-node-card.tsx'
import { type PlacedEdge, type PlacedNode, placeGraph } from './layout.ts'
import { StageEdge } from './stage-edge.tsx'
import styles from './stage-graph.module.css'

const nodeTypes: NodeTypes = { card: GraphNodeCard }
const edgeTypes: EdgeTypes = { uses: StageEdge }

// Around the drawing, and for the buttons below it.
const margin = 12
const controls = 56
const px = (length: number) => `${length}px` as const

/** The drawing of the stages. It stands beside a list that says the same, so lines and labels are for the eye alone. */
export default function StageGraph({ graph }: { graph: Graph }) {
  const placed = useMemo(() => placeGraph(graph), [graph])
  const nodes = useMemo(() => placed.nodes.map(flowNode), [placed])
  const edges = useMemo(() => placed.edges.map(flowEdge), [placed])
  return (
    <div
      className={styles.frame}
      style={{
        aspectRatio: `${placed.width + 2 * margin} / ${placed.height + margin + controls}`,
        maxHeight: `min(${placed.height + margin + controls}px, 44rem, 100vh - 6rem)`,
      }}
    >
      <ReactFlow
        // Another graph is fitted anew, the same one with other outcomes stays where it was moved.
        key={graphShape(graph)}
        aria-label="Graph of the stages"
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        fitView
        fitViewOptions={{ padding: { x: px(margin), top: px(margin), bottom: px(controls) }, maxZoom: 1 }}
        minZoom={0.1}
        maxZoom={2}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        // Keys are the page's: space scrolls it.
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        panActivationKeyCode={null}
        zoomActivationKeyCode={null}
        // So is the wheel.
        zoomOnScroll={false}
        preventScrolling={false}
        proOptions={{ hideAttribution: true }}
      >
        <Controls orientation="horizontal" showInteractive={false} />
      </ReactFlow>
    </div>
  )
}

// Nodes and edges have no role here, so the description that xyflow gives them has nothing to describe.
const noDescription = { 'aria-roledescription': undefined, 'aria-describedby': undefined }

function flowNode(node: PlacedNode): Node<{ node: PlacedNode }> {
  const { id, x, y } = node
  return { id, type: 'card', position: { x, y }, data: { node }, domAttributes: noDescription }
}

function flowEdge(edge: PlacedEdge): Edge<{ edge: PlacedEdge }> {
  const { id, source, target, reached } = edge
  return {
    id,
    source,
    target,
    type: 'uses',
    data: { edge },
    markerEnd: {
      type: MarkerType.ArrowClosed,
      color: reached ? 'var(--line-strong)' : 'var(--line)',
      width: 16,
      height: 16,
    },
    domAttributes: { ...noDescription, 'aria-hidden': true },
  }
}
