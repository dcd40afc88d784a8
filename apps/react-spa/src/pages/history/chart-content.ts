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
