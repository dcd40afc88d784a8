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
