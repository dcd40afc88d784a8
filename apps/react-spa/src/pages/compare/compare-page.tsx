import { PageHeader } from '../../ui/page-header.tsx'
import { ReportGate } from '../../ui/report-gate.tsx'
import { CompareSkeleton } from './compare-skeleton.tsx'
import { Comparison } from './comparison.tsx'

export default function ComparePage() {
  return (
    <ReportGate
      header={<PageHeader title="Compare" />}
      skeleton={(images) => <CompareSkeleton images={images} />}
    >
      {(report, _id, changedAt) => <Comparison report={report} changedAt={changedAt} />}
    </ReportGate>
  )
}
