import type { ImageName, ImageReport, Report } from '@stagecraft/report/schema'
import type { ReactNode } from 'react'
import { useParams } from 'react-router'
import { count, counted, dateTime, megabytes, milliseconds, plusMinus } from '../data/format.ts'
import { historyPath, imageName, imagePath, standInSentence, unmeasured } from '../data/images.ts'
import { originOf, reduction } from '../data/sizes.ts'
import { AppLink, ButtonLink } from '../ui/buttons.tsx'
import { Command } from '../ui/copy.tsx'
import { SizeChoice } from '../ui/fields.tsx'
import { FailureDetails, ProblemPanel } from '../ui/problems.tsx'
import { ReportGate } from '../ui/report-gate.tsx'
import { ImageLinks } from '../ui/tables.tsx'
import { PageHeader, Section } from '../ui/text.tsx'
import { LargestFiles, Packages, Tools } from './contents.tsx'
import { Contract } from './contract.tsx'
import styles from './image.module.css'
import { LayersTable } from './layers-table.tsx'
import { Rebuilds } from './rebuilds.tsx'

export function ImagePage() {
  const { app = '', variant = '' } = useParams()
  return (
    <ReportGate header={<PageHeader title={imageName({ app, variant })} />}>
      {(report) => {
        const { images } = report
        const image = images.find((each) => each.app === app && each.variant === variant)
        if (!image) return <UnknownImage app={app} variant={variant} report={report} />
        return <ImageView image={image} images={images} />
      }}
    </ReportGate>
  )
}

/** Everything a report says of one image; `images` are those of the report. */
function ImageView({ image, images }: { image: ImageReport; images: readonly ImageReport[] }) {
  const { base, dockerfile, contents } = image
  return (
    <>
      <PageHeader
        title={imageName(image)}
        lead={
          <>
            <code>{image.image}</code>, built on <code>{base.name}</code>
          </>
        }
      >
        <ButtonLink to={historyPath(image)}>History</ButtonLink>
        {dockerfile && (
          <ButtonLink
            to="/dockerfile"
            query={{ file: dockerfile.path, ...(dockerfile.target && { target: dockerfile.target }) }}
          >
            Dockerfile
          </ButtonLink>
        )}
      </PageHeader>
      <Section
        title="Figures"
        aside={base.standIn && <span className={styles.badge}>Measured on a stand-in base</span>}
      >
        <Figures image={image} images={images} />
        <p className={styles.note}>{standInSentence([image])}</p>
      </Section>
      <Section title="Layers" aside={<SizeChoice />}>
        <LayersTable image={image} />
      </Section>
      <Section title="Builds">
        <Rebuilds image={image} />
      </Section>
      <Section title="Contract">
        <Contract image={image} />
      </Section>
      <div className={styles.contents}>
        <Section title="Packages">
          <Packages contents={contents} />
        </Section>
        <Section title="Largest files">
          <LargestFiles files={contents.largestFiles} />
        </Section>
      </div>
      <Section title="Tools and privileges">
        <Tools contents={contents} />
      </Section>
    </>
  )
}

/** An image that the report has no figures of: it failed, is still to come, or nobody planned it. */
function UnknownImage({ report, ...image }: ImageName & { report: Report }) {
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

const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 })

/** The figures of one image; `images` are those it is compared with. */
function Figures({ image, images }: { image: ImageReport; images: readonly ImageReport[] }) {
  const { size, run, layers, contents } = image
  const against = (kind: 'pull' | 'disk'): string | undefined => {
    const text = reduction(image, images, kind)
    return text && `${text}${text.endsWith('er') ? ' than' : ' as'} single`
  }
  return (
    <dl className={styles.figures}>
      <Figure name="Pull" unit="MB" value={megabytes(size.compressedBytes)}>
        {against('pull') ?? 'compressed'}
      </Figure>
      <Figure name="Disk" unit="MB" value={megabytes(size.unpackedBytes)}>
        {against('disk') ?? 'unpacked'}
      </Figure>
      <Figure name="Ready" unit="ms" value={milliseconds(run.startToReadyMs.median)}>
        {run.startToReadyMs.runs > 1 && `${plusMinus(run.startToReadyMs)} in `}
        {counted(run.startToReadyMs.runs, 'start')}
      </Figure>
      <Figure name="Stop" unit="ms" value={milliseconds(run.stopMs)}>
        from SIGTERM to the exit
      </Figure>
      <Figure name="Memory" unit="MB" value={megabytes(run.idleMemoryBytes)}>
        {run.loadedMemoryBytes === undefined
          ? 'when idle'
          : `when idle, ${megabytes(run.loadedMemoryBytes)} after 1,000 requests`}
      </Figure>
      {run.bareStartToReadyMs && (
        <Figure name="Bare" unit="ms" value={milliseconds(run.bareStartToReadyMs.median)}>
          ready without a container
        </Figure>
      )}
      <Figure name="Layers" value={count(layers.length)}>
        {describeLayers(image)}
      </Figure>
      <Figure name="Files" value={count(contents.files)}>
        {count(contents.executables)} can be executed
      </Figure>
      <Figure name="Waste" unit="MB" value={megabytes(contents.wastedBytes)}>
        {size.unpackedBytes > 0 && `${percent.format(contents.wastedBytes / size.unpackedBytes)} of the disk`}
      </Figure>
    </dl>
  )
}

function Figure(props: { name: string; unit?: string; value: string; children: ReactNode }) {
  const { name, unit, value, children } = props
  return (
    <div className={styles.figure}>
      <dt>{name}</dt>
      <dd className={styles.value}>
        {value}
        {unit && <span className={styles.unit}> {unit}</span>}
      </dd>
      <dd className={styles.detail}>{children}</dd>
    </div>
  )
}

function describeLayers(image: ImageReport): string {
  const own = image.layers.filter((_, index) => originOf(image, index) === 'own').length
  return image.base.layers === undefined
    ? 'with those of the base'
    : `${count(image.layers.length - own)} of the base, ${count(own)} own`
}
