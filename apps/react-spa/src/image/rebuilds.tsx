import type { ImageReport, Rebuild } from '@stagecraft/report/schema'
import styles from '../builds/builds.module.css'
import { measuredScenarios, rebuildOf, scenarios, seconds } from '../builds/scenarios.ts'
import { size } from '../data/format.ts'
import { Command } from '../ui/copy.tsx'
import { ProblemPanel } from '../ui/problems.tsx'
import { TableScroll } from '../ui/tables.tsx'
import { LongText, TextWithCode } from '../ui/text.tsx'
import ui from '../ui/ui.module.css'

/** What builds of the image cost after each kind of change, and which steps ran. */
export function Rebuilds({ image }: { image: ImageReport }) {
  const { app, variant, buildFailures = [] } = image
  const measured = measuredScenarios([image])
  if (measured.length + buildFailures.length === 0)
    return (
      <ProblemPanel tone="notice" title="This report has no builds" headingLevel={3}>
        <p>An image is built again and again for them, so they are measured when asked for:</p>
        <Command>{`pnpm compare ${app}-${variant} --scenarios all --dashboard`}</Command>
      </ProblemPanel>
    )
  return (
    <>
      {measured.map((scenario) => {
        const rebuild = rebuildOf(image, scenario)
        return rebuild && <Steps key={scenario} rebuild={rebuild} />
      })}
      {buildFailures.map(({ scenario, message }) => (
        <ProblemPanel
          key={scenario}
          tone="failure"
          title={`${scenarios[scenario].head}: it did not build`}
          headingLevel={3}
        >
          <LongText text={message}>{null}</LongText>
        </ProblemPanel>
      ))}
    </>
  )
}

function Steps({ rebuild }: { rebuild: Rebuild }) {
  const { scenario, tookMs, ran, cached, pushedBytes } = rebuild
  const { head, meaning } = scenarios[scenario]
  return (
    <>
      <h3 className={styles.head} title={meaning}>
        {head}: {seconds(tookMs)} s, {ran.length} of {ran.length + cached} steps ran
        {pushedBytes !== undefined && `, ${size(pushedBytes)} to push`}
      </h3>
      {ran.length > 0 && scenario !== 'from-nothing' && (
        <TableScroll label={`Steps that ran, ${head}`} short>
          <table className={`${ui.table} ${styles.steps}`}>
            <thead>
              <tr>
                <th className={ui.number} scope="col">
                  Line
                </th>
                <th scope="col">Instruction</th>
                <th className={ui.number} scope="col">
                  ms
                </th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              {ran.map(({ line, instruction, predicted, why = '', ms }) => (
                <tr key={line}>
                  <td className={ui.number}>{line}</td>
                  <th scope="row">
                    <code>{instruction}</code>
                  </th>
                  <td className={ui.number}>{ms}</td>
                  <td>{predicted === 'cached' ? 'Not expected' : <TextWithCode text={why} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
    </>
  )
}
