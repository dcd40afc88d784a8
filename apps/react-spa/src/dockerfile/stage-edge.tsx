import { BaseEdge, type Edge, EdgeLabelRenderer, type EdgeProps } from '@xyflow/react'
import type { PlacedEdge } from './layout.ts'
import styles from './stage-edge.module.css'

/** A line from what is used to what uses it, where the layout has put it. */
export function StageEdge({ data, markerEnd }: EdgeProps<Edge<{ edge: PlacedEdge }>>) {
  if (!data) return null
  const { path, label, labelAt, reached } = data.edge
  return (
    <>
      <BaseEdge
        className={reached ? styles.line : styles.unneeded}
        path={path}
        {...(markerEnd && { markerEnd })}
      />
      <EdgeLabelRenderer>
        <span
          className={styles.label}
          style={{ translate: `calc(${labelAt.x}px - 50%) calc(${labelAt.y}px - 50%)` }}
          aria-hidden="true"
        >
          {label}
        </span>
      </EdgeLabelRenderer>
    </>
  )
}
