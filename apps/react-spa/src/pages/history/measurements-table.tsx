import type { Measurement } from '@stagecraft/report/api'
import { dateTime, megabytes, milliseconds } from '../../data/format.ts'
import { imagePath } from '../../data/images.ts'
import { AppLink } from '../../ui/app-link.tsx'
import { StandInMark } from '../../ui/stand-in-mark.tsx'
import table from '../../ui/table.module.css'
import { TableScroll } from '../../ui/table-scroll.tsx'

/** What the charts show, the newest first. Each report leads to the image as it was. */
export function MeasurementsTable(props: {
  image: { app: string; variant: string }
  measurements: Measurement[]
}) {
  const { image, measurements } = props
  return (
    <TableScroll label="Measurements, table">
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">Report</th>
            <th className={table.number} scope="col">
              Pull MB
            </th>
            <th className={table.number} scope="col">
              Disk MB
            </th>
            <th className={table.number} scope="col">
              Ready ms
            </th>
          </tr>
        </thead>
        <tbody>
          {measurements.map(({ id, createdAt, compressedBytes, unpackedBytes, startToReadyMs, standIn }) => (
            <tr key={id}>
              <th scope="row">
                <AppLink to={imagePath(image)} query={{ report: String(id) }}>
                  {dateTime(createdAt)}
                </AppLink>
                <StandInMark standIn={standIn} />
              </th>
              <td className={table.number}>{megabytes(compressedBytes)}</td>
              <td className={table.number}>{megabytes(unpackedBytes)}</td>
              <td className={table.number}>{milliseconds(startToReadyMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  )
}
