import type { ImageName } from '@stagecraft/report/schema'
import { Navigate, useNavigate, useParams } from 'react-router'
import { useReportSearch } from '../data/address.ts'
import { groupByApp, historyPath, imageName, imagePath, imagesToCome } from '../data/images.ts'
import { useReport } from '../data/use-report.ts'
import { ButtonLink } from '../ui/buttons.tsx'
import { SelectField } from '../ui/fields.tsx'
import { ProblemPanel } from '../ui/problems.tsx'
import { ReportGate } from '../ui/report-gate.tsx'
import { PageHeader } from '../ui/text.tsx'
import { Measurements } from './measurements.tsx'

export function HistoryPage() {
  const { app = '', variant = '' } = useParams()
  const image = { app, variant }
  const state = useReport()
  const images = state.status === 'ready' ? state.report.images : []
  const toCome = state.status === 'ready' ? imagesToCome(state.report) : []
  const known = images.some((each) => imageName(each) === imageName(image))
  return (
    <>
      <PageHeader
        title={`History of ${imageName(image)}`}
        lead="Size and start of one image over the reports."
      >
        <ImageSelect image={image} images={[...images, ...toCome]} />
        {known && <ButtonLink to={imagePath(image)}>Figures</ButtonLink>}
      </PageHeader>
      <Measurements key={imageName(image)} image={image} />
    </>
  )
}

/** Goes on to an image of the report, the first that is meant for production. */
export function HistoryIndex() {
  const search = useReportSearch()
  return (
    <ReportGate header={<PageHeader title="History" />}>
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

/** Goes to the history of another image of the report; the current one may be of another report. */
function ImageSelect({ image, images }: { image: ImageName; images: readonly ImageName[] }) {
  const navigate = useNavigate()
  const search = useReportSearch()
  const known = images.some((each) => imageName(each) === imageName(image))
  const go = (name: string): void => {
    const chosen = images.find((each) => imageName(each) === name)
    if (chosen) navigate({ pathname: historyPath(chosen), search })
  }
  return (
    <SelectField label="Image" value={imageName(image)} onChange={go}>
      {!known && <option>{imageName(image)}</option>}
      {groupByApp(images).map(([app, group]) => (
        <optgroup key={app} label={app}>
          {group.map((each) => (
            <option key={each.variant}>{imageName(each)}</option>
          ))}
        </optgroup>
      ))}
    </SelectField>
  )
}
