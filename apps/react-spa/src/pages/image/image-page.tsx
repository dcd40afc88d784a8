import { useParams } from 'react-router'
import { imageName } from '../../data/images.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { ReportGate } from '../../ui/report-gate.tsx'
import { ImageSkeleton } from './image-skeleton.tsx'
import { ImageView } from './image-view.tsx'
import { UnknownImage } from './unknown-image.tsx'

export default function ImagePage() {
  const { app = '', variant = '' } = useParams()
  return (
    <ReportGate
      header={<PageHeader title={imageName({ app, variant })} />}
      skeleton={() => <ImageSkeleton app={app} variant={variant} />}
    >
      {(report) => {
        const { images } = report
        const image = images.find((each) => each.app === app && each.variant === variant)
        if (!image) return <UnknownImage app={app} variant={variant} report={report} />
        return <ImageView image={image} images={images} />
      }}
    </ReportGate>
  )
}
