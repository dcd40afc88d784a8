import type { ImageReport } from '@stagecraft/report/schema'
import { dateTime } from '../../data/format.ts'
import { historyPath, imageName, imagePath } from '../../data/images.ts'
import { AppLink } from '../../ui/app-link.tsx'
import { ImageLinks } from '../../ui/image-links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { ProblemPanel } from '../../ui/problem-panel.tsx'

/** An address of an image that the report does not have. */
export function UnknownImage(props: {
  app: string
  variant: string
  images: readonly ImageReport[]
  createdAt: string
}) {
  const { images, createdAt } = props
  return (
    <>
      <PageHeader title={imageName(props)} />
      <ProblemPanel title="This image is not in the report">
        <p>
          The report of {dateTime(createdAt)} has the images below. Others may have it:{' '}
          <AppLink to={historyPath(props)}>history of {imageName(props)}</AppLink>.
        </p>
        <ImageLinks images={images} pathOf={imagePath} />
      </ProblemPanel>
    </>
  )
}
