import { dateTime } from '../../data/format.ts'
import type { ChartContent, Moment } from './chart-content.ts'

type Values<Point> = Omit<ChartContent<Point>, 'points' | 'stepped'>

/** What the lines of a chart say at one point. */
export function PointValues<Point extends Moment>({
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
