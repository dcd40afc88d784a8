import type { ImageName } from '@stagecraft/report/schema'
import { historyPath, imageName } from '../../data/images.ts'
import { imagesToCome } from '../../data/progress.ts'
import { useReport } from '../../data/use-report.ts'
import { ImageLinks } from '../../ui/image-links.tsx'
import { NoReportPanel } from '../../ui/no-report-panel.tsx'
import { ProblemPanel } from '../../ui/problem-panel.tsx'

/** An image that no report has measured: it is still to come, its name is wrong, or there is no report at all. */
export function NoMeasurements({ image }: { image: ImageName }) {
  const state = useReport()
  if (state.status === 'empty') return <NoReportPanel />
  const name = imageName(image)
  const report = state.status === 'ready' ? state.report : undefined
  if (report && imagesToCome(report).some((each) => imageName(each) === name))
    return (
      <ProblemPanel tone="notice" title={`${name} is still to come`}>
        <p>No report has measured it yet. This page shows its figures as soon as they are measured.</p>
      </ProblemPanel>
    )
  return (
    <ProblemPanel title={`No report has measured ${name}`}>
      {report && report.images.length > 0 && (
        <>
          <p>These images are in the report of this page:</p>
          <ImageLinks images={report.images} pathOf={historyPath} />
        </>
      )}
    </ProblemPanel>
  )
}
