import { dateTime } from '../data/format.ts'

/** A point in time. `hollow` points are drawn as circles and marked with an asterisk. */
export type Moment = { id: number; createdAt: string; hollow: boolean }

/** Values of one kind, as a line with its name. */
export type Series<Point> = { name: string; measure: (point: Point) => number; tone: 'accent' | 'neutral' }

export type ChartContent<Point> = {
  /** The oldest first. */
  points: Point[]
  series: Series<Point>[]
  unit: string
  format: (value: number) => string
  /** Whether a value holds until the next point. */
  stepped?: boolean
}

/** A chart as a sentence: where each line begins and ends. Empty without points. */
export function describeCourse<Point extends Moment>(content: ChartContent<Point>): string {
  const { points, series, unit, format } = content
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last) return ''
  const courses = series.map(
    ({ name, measure }) => `${name} from ${format(measure(first))} to ${format(measure(last))} ${unit}`,
  )
  return `${courses.join(', ')}, ${dateTime(first.createdAt)} to ${dateTime(last.createdAt)}`
}

export type Position = { x: number; y: number }

/** An SVG path through positions; a `stepped` one goes level to the next position, then up or down to it. */
export function linePath(positions: readonly Position[], stepped: boolean): string {
  const [first, ...rest] = positions
  if (!first) return ''
  const lines = rest.map(({ x, y }) => (stepped ? `H${round(x)}V${round(y)}` : `L${round(x)},${round(y)}`))
  return `M${round(first.x)},${round(first.y)}${lines.join('')}`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}

const dayMs = 86_400_000

/** The first and the last moment; a day around a single one. `points` are the oldest first. */
export function timeDomain(points: readonly { createdAt: string }[]): [from: Date, to: Date] {
  const times = points.map(({ createdAt }) => Date.parse(createdAt))
  const [first = 0, last = first] = [times[0], times.at(-1)]
  return last > first
    ? [new Date(first), new Date(last)]
    : [new Date(first - dayMs / 2), new Date(first + dayMs / 2)]
}

const hours = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const days = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const months = new Intl.DateTimeFormat('en-GB', { month: 'short', year: 'numeric' })

/** As exact as ticks over that time need to be, in the reader's time zone. */
export function tickFormat([from, to]: [from: Date, to: Date]): (moment: Date) => string {
  const span = to.getTime() - from.getTime()
  const format = span < 3 * dayMs ? hours : span < 300 * dayMs ? days : months
  return (moment) => format.format(moment)
}
