import { historyPath, imageName } from '../../data/images.ts'
import { useReport } from '../../data/use-report.ts'
import { ImageLinks } from '../../ui/image-links.tsx'
import { NoReportPanel } from '../../ui/no-report-panel.tsx'
import { ProblemPanel } from '../../ui/problem-panel.tsx'

/** An image that no report has measured: a wrong name, or there is no report at all. */
export function NoMeasurements({ image }: { image: { app: string; variant: string } }) {
  const state = useReport()
  if (state.status === 'empty') return <NoReportPanel />
  return (
    <ProblemPanel title={`No report has measured ${imageName(image)}`}>
      {state.status === 'ready' && (
        <>
          <p>These images are in the report of this page:</p>
          <ImageLinks images={state.report.images} pathOf={historyPath} />
        </>
      )}
    </ProblemPanel>
  )
}
