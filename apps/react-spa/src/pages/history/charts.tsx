import type { Measurement } from '@stagecraft/report/api'
import { megabytes, milliseconds } from '../../data/format.ts'
import { Section } from '../../ui/section.tsx'
import { Chart } from './chart.tsx'
import type { Moment, Series } from './chart-content.ts'
import styles from './charts.module.css'

type Point = Measurement & Moment

const sizes: Series<Point>[] = [
  { name: 'Disk', measure: ({ unpackedBytes }) => unpackedBytes / 1e6, tone: 'neutral' },
  { name: 'Pull', measure: ({ compressedBytes }) => compressedBytes / 1e6, tone: 'accent' },
]
const starts: Series<Point>[] = [
  { name: 'Ready', measure: ({ startToReadyMs }) => startToReadyMs, tone: 'accent' },
]

/** `measurements` of one image, the oldest first. */
export function Charts({ measurements }: { measurements: Measurement[] }) {
  const points = measurements.map((each) => ({ ...each, hollow: each.standIn }))
  return (
    <div className={styles.charts}>
      <Section title="Size, MB">
        <Chart
          points={points}
          series={sizes}
          unit="MB"
          format={(value) => megabytes(value * 1e6)}
          // A size holds until the next report.
          stepped
        />
      </Section>
      <Section title="Start to ready, ms">
        <Chart points={points} series={starts} unit="ms" format={milliseconds} />
      </Section>
    </div>
  )
}
