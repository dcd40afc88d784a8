import { useParams } from 'react-router'
import { imageName, imagePath } from '../../data/images.ts'
import { imagesToCome } from '../../data/progress.ts'
import { useReport } from '../../data/use-report.ts'
import { ButtonLink } from '../../ui/button-link.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { ImageSelect } from './image-select.tsx'
import { Measurements } from './measurements.tsx'

export default function HistoryPage() {
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
