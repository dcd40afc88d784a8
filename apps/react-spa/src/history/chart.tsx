import { AxisBottom, AxisLeft } from '@visx/axis'
import { Group } from '@visx/group'
import { useParentSize } from '@visx/responsive'
import { scaleLinear, scaleTime } from '@visx/scale'
import { TooltipWithBounds } from '@visx/tooltip'
import { type PointerEvent, useState } from 'react'
import { dateTime } from '../data/format.ts'
import ui from '../ui/ui.module.css'
import {
  type ChartContent,
  describeCourse,
  linePath,
  type Moment,
  type Position,
  tickFormat,
  timeDomain,
} from './course.ts'
import styles from './history.module.css'

const height = 260
const margin = { top: 12, right: 52, bottom: 28, left: 52 }

/** Values over time, from zero up. Those who do not see it hear a sentence: the values belong in a table beside it. */
export function Chart<Point extends Moment>(content: ChartContent<Point>) {
  const { parentRef, width } = useParentSize({ debounceTime: 50 })
  return (
    <figure className={styles.figure}>
      <div className={styles.plot} ref={parentRef} style={{ blockSize: height }}>
        {width > margin.left + margin.right && <Plot width={width} {...content} />}
      </div>
    </figure>
  )
}

function Plot<Point extends Moment>(props: ChartContent<Point> & { width: number }) {
  const { points, series, unit, format, stepped = false, width } = props
  const [hovered, setHovered] = useState<Point>()
  const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom }
  const domain = timeDomain(points)
  const x = scaleTime({ domain, range: [0, inner.width] })
  const largest = Math.max(...points.flatMap((point) => series.map(({ measure }) => measure(point))))
  const y = scaleLinear({ domain: [0, largest || 1], range: [inner.height, 0], nice: 4 })
  const xOf = ({ createdAt }: Moment): number => x(Date.parse(createdAt))

  const follow = (event: PointerEvent): void => {
    const at = event.clientX - event.currentTarget.getBoundingClientRect().left - margin.left
    const distance = (point: Point): number => Math.abs(xOf(point) - at)
    setHovered(points.reduce((one, other) => (distance(other) < distance(one) ? other : one)))
  }

  return (
    <>
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={describeCourse(props)}
        onPointerMove={follow}
        onPointerLeave={() => setHovered(undefined)}
      >
        <Group left={margin.left} top={margin.top}>
          {y.ticks(4).map((tick) => (
            <line key={tick} className={styles.grid} x2={inner.width} y1={y(tick)} y2={y(tick)} />
          ))}
          <AxisLeft scale={y} numTicks={4} hideTicks hideAxisLine tickClassName={`${styles.tick}`} />
          <AxisBottom
            scale={x}
            top={inner.height}
            numTicks={Math.max(2, Math.floor(inner.width / 90))}
            tickFormat={(moment) => tickFormat(domain)(new Date(moment.valueOf()))}
            tickClassName={`${styles.tick}`}
            axisLineClassName={`${styles.axis}`}
            hideTicks
          />
          {hovered && <line className={styles.guide} x1={xOf(hovered)} x2={xOf(hovered)} y2={inner.height} />}
          {series.map(({ name, measure, tone }) => (
            <ChartLine
              key={name}
              name={name}
              tone={tone}
              stepped={stepped}
              points={points.map((point) => ({ ...point, x: xOf(point), y: y(measure(point)) }))}
              marked={hovered && points.indexOf(hovered)}
            />
          ))}
        </Group>
      </svg>
      {hovered && (
        <TooltipWithBounds
          className={`${ui.popup} ${styles.tooltip}`}
          left={margin.left + xOf(hovered)}
          top={margin.top}
          unstyled
          applyPositionStyle
        >
          <PointValues point={hovered} series={series} unit={unit} format={format} />
        </TooltipWithBounds>
      )}
    </>
  )
}

/** A place in the plot. `hollow` points are drawn as circles. */
type ChartPoint = Position & { id: number; hollow: boolean }

const manyPoints = 120

/** A line with its points, where they can be told apart, and its name at its end. `marked` is the place of one that stands out. */
function ChartLine(props: {
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

type Values<Point> = Omit<ChartContent<Point>, 'points' | 'stepped'>

/** What the lines of a chart say at one point. */
function PointValues<Point extends Moment>({
  point,
  series,
  unit,
  format,
}: Values<Point> & { point: Point }) {
  return (
    <>
      <p>
        {dateTime(point.createdAt)}
        {point.hollow && '*'}
      </p>
      {series.map(({ name, measure }) => (
        <p key={name}>
          {name}{' '}
          <strong>
            {format(measure(point))} {unit}
          </strong>
        </p>
      ))}
    </>
  )
}
