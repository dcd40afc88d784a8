import { Choice } from '../ui/choice.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { PastedSource } from './pasted-source.tsx'
import { RepositorySource } from './repository-source.tsx'
import { pathChanges } from './selection.ts'
import { useSelection } from './use-selection.ts'

/** The stages of a Dockerfile, and which of its steps run again after a change. */
export default function DockerfilePage() {
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
