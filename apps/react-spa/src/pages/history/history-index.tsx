import { Navigate } from 'react-router'
import { historyPath } from '../../data/images.ts'
import { useReportSearch } from '../../data/report-param.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { ReportGate } from '../../ui/report-gate.tsx'
import { PageSkeleton } from '../../ui/skeleton.tsx'

/** Goes on to an image of the report, the first that is meant for production. */
export default function HistoryIndex() {
  const search = useReportSearch()
  return (
    <ReportGate header={<PageHeader title="History" />} skeleton={() => <PageSkeleton />}>
      {({ images }) => {
        const image = images.find(({ variant }) => variant === 'prod') ?? images[0]
        return image && <Navigate replace to={{ pathname: historyPath(image), search }} />
      }}
    </ReportGate>
  )
}
