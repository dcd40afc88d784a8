import '@xyflow/react/dist/style.css'
import type { Point } from '@dagrejs/dagre'
import {
  BaseEdge,
  Controls,
  type Edge,
  EdgeLabelRenderer,
  type EdgeProps,
  type EdgeTypes,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  type NodeTypes,
  Position,
  ReactFlow,
  useReactFlow,
} from '@xyflow/react'
import { type FocusEvent, useMemo } from 'react'
import { counted } from '../data/format.ts'
import { VisuallyHidden } from '../ui/text.tsx'
import styles from './dockerfile.module.css'
import { type Graph, graphShape, type ImageNode, type StageNode } from './graph.ts'
import { nodeSize, type PlacedEdge, type PlacedNode, placeGraph } from './layout.ts'
import { OutcomeSign } from './outcome-mark.tsx'
import { lineId, type Tally } from './stages.ts'

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

/** A line from what is used to what uses it, where the layout has put it. */
function StageEdge({ data, markerEnd }: EdgeProps<Edge<{ edge: PlacedEdge }>>) {
  if (!data) return null
  const { path, label, labelAt, reached } = data.edge
  return (
    <>
      <BaseEdge
        className={reached ? styles.edge : styles.unneeded}
        path={path}
        {...(markerEnd && { markerEnd })}
      />
      <EdgeLabelRenderer>
        <span
          className={styles.edgeLabel}
          style={{ translate: `calc(${labelAt.x}px - 50%) calc(${labelAt.y}px - 50%)` }}
          aria-hidden="true"
        >
          {label}
        </span>
      </EdgeLabelRenderer>
    </>
  )
}

/** A stage, or an image from elsewhere. */
function GraphNodeCard({ data: { node } }: NodeProps<Node<{ node: PlacedNode }>>) {
  return (
    <>
      <Handle className={styles.handle} type="target" position={Position.Top} isConnectable={false} />
      {node.kind === 'image' ? <ImageCard node={node} /> : <StageCard node={node} />}
      <Handle className={styles.handle} type="source" position={Position.Bottom} isConnectable={false} />
    </>
  )
}

function ImageCard({ node: { label, reached } }: { node: ImageNode }) {
  return (
    <div className={styles.image} style={nodeSize} title={label} data-unneeded={!reached || undefined}>
      <span className={styles.soft}>image</span>
      <span className={styles.imageName}>{label}</span>
    </div>
  )
}

/** It links to the stage's line in the text. */
function StageCard({ node }: { node: StageNode & Point }) {
  const { label, from, line, reached, isTarget, tally } = node
  const show = useShowWhenFocused(node)
  return (
    <a
      className={styles.card}
      style={nodeSize}
      href={`#${lineId(line)}`}
      title={`${label}: FROM ${from}`}
      data-unneeded={!reached || undefined}
      data-target={isTarget || undefined}
      data-reruns={tally.reruns > 0 || undefined}
      data-may-rerun={tally.mayRerun > 0 || undefined}
      onFocus={show}
    >
      <span className={styles.row}>
        <span className={styles.cardName}>{label} </span>
        {isTarget && <span className={styles.cardTarget}>target </span>}
      </span>
      <span className={styles.soft}>FROM {from} </span>
      <span className={styles.row}>
        <span className={styles.soft}>{counted(tally.instructions, 'instruction')} </span>
        <Counts tally={tally} />
      </span>
    </a>
  )
}

function Counts({ tally: { reruns, mayRerun } }: { tally: Tally }) {
  return (
    <span className={styles.counts}>
      {reruns > 0 && (
        <span className={styles.count}>
          <OutcomeSign outcome="reruns" />
          {reruns}
          <VisuallyHidden> rerun </VisuallyHidden>
        </span>
      )}
      {mayRerun > 0 && (
        <span className={styles.count}>
          <OutcomeSign outcome="may rerun" />
          {mayRerun}
          <VisuallyHidden> may rerun</VisuallyHidden>
        </span>
      )}
    </span>
  )
}

/** Moves the drawing so that a node that the keyboard came to is in it. */
function useShowWhenFocused(node: Point): (event: FocusEvent<HTMLElement>) => void {
  const { setCenter, getViewport } = useReactFlow()
  return ({ currentTarget }) => {
    const frame = currentTarget.closest('.react-flow')
    if (!frame || !currentTarget.matches(':focus-visible')) return
    // Where it is drawn, and not where it is seen: by now the browser may have scrolled what must not scroll.
    const { x, y, zoom } = getViewport()
    const left = node.x * zoom + x
    const top = node.y * zoom + y
    const inside =
      left >= 0 &&
      left + nodeSize.width * zoom <= frame.clientWidth &&
      top >= 0 &&
      top + nodeSize.height * zoom <= frame.clientHeight
    if (!inside) setCenter(node.x + nodeSize.width / 2, node.y + nodeSize.height / 2, { zoom })
  }
}
