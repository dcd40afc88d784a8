import { Navigate } from 'react-router'
import { historyPath } from '../../data/images.ts'
import { useReportSearch } from '../../data/report-param.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { ProblemPanel } from '../../ui/problem-panel.tsx'
import { ReportGate } from '../../ui/report-gate.tsx'
import { PageSkeleton } from '../../ui/skeleton.tsx'

/** Goes on to an image of the report, the first that is meant for production. */
export default function HistoryIndex() {
  const search = useReportSearch()
  return (
    <ReportGate header={<PageHeader title="History" />} skeleton={() => <PageSkeleton />}>
      {({ images, planned = [], failures = [] }) => {
        const all = [...images, ...planned, ...failures]
        const image = all.find(({ variant }) => variant === 'prod') ?? all[0]
        if (image) return <Navigate replace to={{ pathname: historyPath(image), search }} />
        return (
          <>
            <PageHeader title="History" />
            <ProblemPanel tone="notice" title="No image is measured yet">
              <p>This page shows the first as soon as it is.</p>
            </ProblemPanel>
          </>
        )
      }}
    </ReportGate>
  )
}
