import styles from './chart-line.module.css'
import { linePath, type Position } from './line-path.ts'

/** A place in the plot. `hollow` points are drawn as circles. */
export type ChartPoint = Position & { id: number; hollow: boolean }

const manyPoints = 120

/** A line with its points, where they can be told apart, and its name at its end. `marked` is the place of one that stands out. */
export function ChartLine(props: {
  name: string
  tone: 'accent' | 'neutral'
  stepped: boolean
  points: ChartPoint[]
  marked: number | undefined
}) {
  const { name, tone, stepped, points, marked } = props
  const last = points.at(-1)
  return (
    <g className={styles[tone]}>
      <path className={styles.line} d={linePath(points, stepped)} />
      {points.map(
        ({ id, x, y, hollow }, index) =>
          (points.length <= manyPoints || index === marked) && (
            <circle
              key={id}
              className={hollow ? styles.hollow : undefined}
              cx={x}
              cy={y}
              r={index === marked ? 4.5 : 2.5}
            />
          ),
      )}
      {last && (
        <text className={styles.name} x={last.x + 10} y={last.y} dy="0.35em">
          {name}
        </text>
      )}
    </g>
  )
}
