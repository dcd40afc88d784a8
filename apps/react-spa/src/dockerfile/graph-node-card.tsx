import type { Point } from '@dagrejs/dagre'
import { Handle, type Node, type NodeProps, Position } from '@xyflow/react'
import { counted } from '../data/format.ts'
import { VisuallyHidden } from '../ui/visually-hidden.tsx'
import type { ImageNode, StageNode } from './graph.ts'
import styles from './graph-node-card.module.css'
import { nodeSize, type PlacedNode } from './layout.ts'
import type { Tally } from './outcome.ts'
import { OutcomeSign } from './outcome-mark.tsx'
import { lineId } from './stages.ts'
import { useShowWhenFocused } from './use-show-when-focused.ts'

/** A stage, or an image from elsewhere. */
export function GraphNodeCard({ data: { node } }: NodeProps<Node<{ node: PlacedNode }>>) {
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
      className={styles.stage}
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
        <span className={styles.name}>{label} </span>
        {isTarget && <span className={styles.target}>target </span>}
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
