import { dateTime } from '../../data/format.ts'
import type { ChartContent, Moment } from './chart-content.ts'

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
