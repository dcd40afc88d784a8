import { useConfig } from '../data/config-context.ts'
import { CodeBlock, Command } from './code-block.tsx'
import { ProblemPanel } from './problem-panel.tsx'

/** What to do when nobody has posted a report. */
export function NoReportPanel() {
  const { reports } = useConfig()
  const address = `${reports || location.origin}/api/reports`
  const post = `curl --header 'Content-Type: application/json' --data-binary @report.json ${address}`
  return (
    <ProblemPanel tone="notice" title="There is no report yet">
      <p>A report compares images. In the repository, make one and post it:</p>
      <CodeBlock
        code={`pnpm compare --output report.json\n${post}`}
        what="the commands that make and post a report"
      />
      <p>Or let one command build the images, compare them and serve the result:</p>
      <Command>npm start</Command>
      <p>This page shows each figure as soon as it is there.</p>
    </ProblemPanel>
  )
}
