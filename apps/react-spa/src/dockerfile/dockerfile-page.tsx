import type { Report } from '@stagecraft/report/schema'
import { Link, useSearchParams } from 'react-router'
import { Command } from '../ui/copy.tsx'
import { Choice, SelectField } from '../ui/fields.tsx'
import { ProblemPanel } from '../ui/problems.tsx'
import { ReportGate } from '../ui/report-gate.tsx'
import { PageHeader } from '../ui/text.tsx'
import { buildContext } from './build.ts'
import { PastedSource } from './pasted-source.tsx'
import { pathChanges, type Select, type Selection, useSelection, writeSelection } from './selection.ts'
import { Workbench } from './workbench.tsx'

/** The stages of a Dockerfile, and which of its steps run again after a change. */
export function DockerfilePage() {
  const [selection, select] = useSelection()
  const { pasted, changes } = selection
  return (
    <>
      <PageHeader
        title="Dockerfile"
        lead="Its stages, and which steps run again when something changes. The text alone decides: nothing is built."
      >
        <Choice
          label="Where the Dockerfile is from"
          options={[
            { value: 'repository', text: 'The repository' },
            { value: 'pasted', text: 'Pasted text' },
          ]}
          value={pasted ? 'pasted' : 'repository'}
          onChange={(from) =>
            select({
              file: undefined,
              target: undefined,
              pasted: from === 'pasted',
              changes: pathChanges(changes),
            })
          }
        />
      </PageHeader>
      {pasted ? (
        <PastedSource selection={selection} select={select} />
      ) : (
        <RepositorySource selection={selection} select={select} />
      )}
    </>
  )
}

/** One of the Dockerfiles in the report. */
function RepositorySource(props: { selection: Selection; select: Select }) {
  return (
    <ReportGate header={null}>
      {(report, id) => <ReportSource {...props} report={report} id={id} />}
    </ReportGate>
  )
}

function ReportSource(props: { selection: Selection; select: Select; report: Report; id: number }) {
  const { selection, select, report, id } = props
  const { dockerfiles = [], images } = report
  const [first] = dockerfiles
  if (!first) return <NoDockerfiles />
  const chosen = dockerfiles.find(({ path }) => path === (selection.file ?? first.path))
  if (!chosen) return <UnknownFile selection={selection} paths={dockerfiles.map(({ path }) => path)} />
  const { path, text } = chosen
  const { path: context, dockerignore, files } = buildContext(report, chosen)
  return (
    <Workbench
      key={`${id} ${path}`}
      source={{ file: path, context, dockerfile: text, dockerignore }}
      images={images}
      files={files}
      selection={selection}
      select={select}
      chooser={
        <SelectField
          label="Dockerfile"
          value={path}
          onChange={(file) => select({ file, target: undefined, changes: pathChanges(selection.changes) })}
        >
          {dockerfiles.map((each) => (
            <option key={each.path}>{each.path}</option>
          ))}
        </SelectField>
      }
    />
  )
}

function NoDockerfiles() {
  return (
    <ProblemPanel tone="notice" title="This report has no Dockerfiles in it">
      <p>A new one has. Make it and post it, or paste a Dockerfile instead:</p>
      <Command>pnpm compare --output report.json</Command>
    </ProblemPanel>
  )
}

function UnknownFile({ selection, paths }: { selection: Selection; paths: string[] }) {
  const [params] = useSearchParams()
  const searchOf = (file: string): string =>
    `?${writeSelection(params, { ...selection, file, target: undefined })}`
  return (
    <ProblemPanel title="There is no such Dockerfile">
      <p>
        The report has no <code>{selection.file}</code>. These are in it:
      </p>
      <ul>
        {paths.map((path) => (
          <li key={path}>
            <Link to={{ search: searchOf(path) }}>{path}</Link>
          </li>
        ))}
      </ul>
    </ProblemPanel>
  )
}
