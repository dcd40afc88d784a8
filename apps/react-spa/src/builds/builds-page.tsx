import type { ImageReport, Report, Scenario } from '@stagecraft/report/schema'
import { counted, size } from '../data/format.ts'
import { imageName, imagePath, standInSentence } from '../data/images.ts'
import { AppLink } from '../ui/buttons.tsx'
import { Command } from '../ui/copy.tsx'
import { ProblemPanel } from '../ui/problems.tsx'
import { ReportGate } from '../ui/report-gate.tsx'
import { StandInMark, TableScroll } from '../ui/tables.tsx'
import { PageHeader, Section } from '../ui/text.tsx'
import ui from '../ui/ui.module.css'
import styles from './builds.module.css'
import { builtImages, measuredScenarios, rebuildOf, scenarios, seconds } from './scenarios.ts'

export function BuildsPage() {
  return (
    <ReportGate header={<PageHeader title="Builds" />}>{(report) => <Builds report={report} />}</ReportGate>
  )
}

/** What builds cost after each kind of change, an image in a row. */
function Builds({ report }: { report: Report }) {
  const images = builtImages(report)
  const lead = 'What a build costs, from nothing and after each kind of change'
  if (images.length === 0)
    return (
      <>
        <PageHeader title="Builds" lead={lead} />
        <ProblemPanel tone="notice" title="This report has no builds">
          <p>They take long, most of all without a cache, so they are measured when asked for:</p>
          <Command>pnpm compare prod --scenarios all --dashboard</Command>
        </ProblemPanel>
      </>
    )
  const measured = measuredScenarios(images)
  return (
    <>
      <PageHeader title="Builds" lead={lead} />
      <Section title="Seconds">
        <TableScroll label="Builds, table">
          <table className={ui.table}>
            <thead>
              <tr>
                <th scope="col">Image</th>
                {measured.map((each) => (
                  <th key={each} className={ui.number} scope="col" title={scenarios[each].meaning}>
                    {scenarios[each].head}
                  </th>
                ))}
                <th
                  className={ui.number}
                  scope="col"
                  title="Compressed bytes that a push transfers after one line"
                >
                  Push
                </th>
              </tr>
            </thead>
            <tbody>
              {images.map((image) => (
                <ImageRow key={imageName(image)} image={image} measured={measured} />
              ))}
            </tbody>
          </table>
        </TableScroll>
        <div className={styles.notes}>
          <p>
            The median, with the export to the engine's store; nine of ten comparisons on this machine find it
            within the ±. Push: compressed bytes of the layers that a registry with the image of before lacks
            after the changed line.
          </p>
          {measured.map((each) => (
            <p key={each}>
              {scenarios[each].head}: {scenarios[each].meaning}.
            </p>
          ))}
          <p>{standInSentence(images)}</p>
        </div>
      </Section>
    </>
  )
}

function ImageRow({ image, measured }: { image: ImageReport; measured: readonly Scenario[] }) {
  const pushed = rebuildOf(image, 'line')?.pushedBytes
  return (
    <tr>
      <th scope="row">
        <AppLink to={imagePath(image)}>{imageName(image)}</AppLink>
        <StandInMark standIn={image.base.standIn} />
      </th>
      {measured.map((scenario) => {
        const rebuild = rebuildOf(image, scenario)
        const failed = image.buildFailures?.some((each) => each.scenario === scenario)
        return (
          <td
            key={scenario}
            className={ui.number}
            title={rebuild && `${counted(rebuild.ran.length, 'step')} ran, ${rebuild.cached} did not`}
          >
            {rebuild ? seconds(rebuild.tookMs) : failed ? 'failed' : '–'}
          </td>
        )
      })}
      <td className={ui.number}>{pushed === undefined ? '–' : size(pushed)}</td>
    </tr>
  )
}
