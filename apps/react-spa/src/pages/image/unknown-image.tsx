import type { ImageName, Report } from '@stagecraft/report/schema'
import { dateTime } from '../../data/format.ts'
import { historyPath, imageName, imagePath } from '../../data/images.ts'
import { unmeasured } from '../../data/progress.ts'
import { AppLink } from '../../ui/app-link.tsx'
import { Command } from '../../ui/code-block.tsx'
import { FailureDetails } from '../../ui/failure-details.tsx'
import { ImageLinks } from '../../ui/image-links.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { ProblemPanel } from '../../ui/problem-panel.tsx'

/** An image that the report has no figures of: it failed, is still to come, or nobody planned it. */
export function UnknownImage({ report, ...image }: ImageName & { report: Report }) {
  return (
    <>
      <PageHeader title={imageName(image)} />
      <WhyUnknown image={image} report={report} />
    </>
  )
}

function WhyUnknown({ image, report }: { image: ImageName; report: Report }) {
  const { state, doing, images, failures = [], createdAt } = report
  const name = imageName(image)
  const history = <AppLink to={historyPath(image)}>history of {name}</AppLink>
  const failure = failures.find((each) => imageName(each) === name)
  if (failure)
    return (
      <ProblemPanel tone="failure" title="This image could not be measured">
        <FailureDetails failure={failure} />
        <p>Other reports may have it: {history}.</p>
      </ProblemPanel>
    )
  const planned = unmeasured(report).some((each) => imageName(each) === name)
  if (planned && state === 'running')
    return (
      <ProblemPanel tone="notice" title="This image is still to come">
        <p>This page shows its figures as soon as they are measured.{doing && ` Now: ${doing}.`}</p>
        <p>Earlier reports may have it: {history}.</p>
      </ProblemPanel>
    )
  if (planned && state === 'interrupted')
    return (
      <ProblemPanel tone="notice" title="This image is not measured">
        <p>Measuring was stopped before it. To go on, in the repository:</p>
        <Command>npm start</Command>
        <p>Earlier reports may have it: {history}.</p>
      </ProblemPanel>
    )
  return (
    <ProblemPanel title="This image is not in the report">
      <p>
        The report of {dateTime(createdAt)} has the images below. Others may have it: {history}.
      </p>
      <ImageLinks images={images} pathOf={imagePath} />
    </ProblemPanel>
  )
}
