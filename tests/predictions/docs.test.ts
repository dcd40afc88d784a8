import { join } from 'node:path'
import { analyze } from '@stagecraft/dockerfile'
import { markdownTable } from 'markdown-table'
import { expect, it } from 'vitest'
import { type Case, cases, questionOf, type Try } from './cases.ts'

/** The cases that the page shows. */
const shown = [
  'files one by one',
  'a build argument',
  'what only describes the image',
  'a stage that makes the same again',
  '--link',
]
const changes = cases.reduce((sum, each) => sum + each.changes.length, 0)

const introduction = `# What reruns after a change

\`packages/dockerfile\` reads the text of a Dockerfile and predicts what a change does to the next build. It builds nothing. \`fastify-service\` returns the same predictions over HTTP: \`POST /analyze\`, described at \`/docs\`.

Each instruction gets one of three results:

| result | meaning |
| --- | --- |
| cached | BuildKit takes it from the cache. |
| reruns | BuildKit runs it again. |
| may rerun | It uses files that an earlier instruction creates. BuildKit creates them, compares them, and runs this instruction again only if they are different. |

## The rules

- An instruction reruns if the instruction before it reran, or is gone. \`COPY --link\` does not depend on the instructions before it, unless it has \`--chmod\`.
- An edited instruction goes by its values, not by its text: spaces, quotes, \`as\` for \`AS\`, \`--chmod=644\` for \`0644\` or \`docker.io/library/node\` for \`node\` change nothing.
- \`COPY\`, \`ADD\` and bind mounts rerun if the checksum of their files changes. The checksum covers names, contents, modes and owners, but not times.
- \`COPY --from\` compares files in the same way. If the other stage reran and created the same files, it comes from the cache.
- \`RUN\` reruns if its text, shell, user, working directory or environment changes. The environment includes every \`ARG\` declared above it, used or not. If \`ARG\` and \`ENV\` set the same variable, the later one counts. The order counts too, in which variables were set last.
- \`WORKDIR\` reruns if \`SOURCE_DATE_EPOCH\` changes.
- A script in a heredoc (\`#!\`) is a file with the name of the delimiter: another delimiter reruns it.
- Secrets and the contents of cache mounts have no effect.
- \`CMD\`, \`LABEL\`, \`EXPOSE\`, \`HEALTHCHECK\` and other metadata have no effect on other instructions.
- A file that \`.dockerignore\` excludes has not changed. If \`.dockerignore\` itself changes, everything copied from the build context may rerun.
- A Dockerfile in the build context is also a file. If its text changes and \`.dockerignore\` does not exclude it, \`COPY . .\` reruns. Ask about both: the instruction and the file.

## What the text does not tell

- The platform is linux/amd64, unless a build argument says otherwise.
- A path in the build context is not a symbolic link, unless the question lists it as one.
- \`# syntax=\` may load another frontend. The rules are those of Dockerfile 1.19.
- A name after \`from=\` that is not a stage is taken for an image.
- Mistakes in values are reported only for the stages that the target needs. BuildKit does not look at the others either.
- \`ONBUILD\` instructions of a base image are not followed.
- Whether a URL of \`ADD\` has new content is not known.
- \`COPY --parents\` is read, but no engine that runs the tests has it yet.

buildx takes two build contexts for one if their folders have the same name. When both are built at the same time, BuildKit may miss the cache. The tests give each folder its own name.

## The tests

[tests/oracle](../tests/oracle/generate.ts) generates Dockerfiles, \`.dockerignore\` files, variables and edits, and compares the analyzer with BuildKit's own parser, converter and pattern matcher: accepted or refused, the line of a mistake, stages, names, bases, ignored paths, and which steps an edit changes. A few thousand inputs are part of \`npm test -- --all\`; \`ORACLE_INPUTS\` sets another number. It also builds generated changes with the engine (\`ORACLE_BUILDS\`), and sends documents that are made to be slow to \`fastify-service\` (\`ORACLE_REQUESTS\`). Its [cases](../tests/oracle/cases.ts) are the inputs on which the two once disagreed. What only an engine knows, such as the variables of a base image, is left out.

[tests/predictions](../tests/predictions/cases.md) has ${cases.length} small Dockerfiles and ${changes} changes, with the prediction for each. \`npm test predictions\` builds each Dockerfile, makes the change, builds again and compares what BuildKit did. The Dockerfiles of [apps/](../apps) are tested in the same way.

These are ${shown.length} of the ${cases.length}. An instruction in neither column is cached. *NEW* is a value that was not used before. "4: did not" means: line 4 may rerun, and in this case it did not.
`

const allCases = `# The cases

Every Dockerfile and every change that the tests build, with the prediction of \`packages/dockerfile\`. Generated: \`pnpm vitest run --project unit -u\` renews it. [docs/prediction.md](../../docs/prediction.md) explains it.
`

const code = (text: string): string =>
  `\`${text.replaceAll('\n', ' ⏎ ').replaceAll('|', '\\|').replaceAll('`', "'")}\``

function describeChange({ change, remove }: Try): string {
  if ('path' in change) {
    if (remove) return `${code(change.path)} goes`
    return change.what ? `${change.what} of ${code(change.path)}` : code(change.path)
  }
  if ('instruction' in change) return `line ${change.instruction}: ${code(change.text ?? '')}`
  if ('arg' in change) return code(`--build-arg ${change.arg}=${change.value}`)
  if ('base' in change) return `digest of ${code(change.base)}`
  return `secret ${code(change.secret)}`
}

function row(each: Case, attempt: Try): string[] {
  const { instructions } = analyze(each.dockerfile, questionOf(each, attempt))
  const lines = (wanted: string) =>
    instructions.filter(({ outcome }) => outcome === wanted).map(({ line }) => line)
  const may = lines('may rerun').map((line) => `${line}: ${attempt.did?.includes(line) ? 'did' : 'did not'}`)
  return [attempt.name, describeChange(attempt), lines('reruns').join(', '), may.join(', ')]
}

function section(each: Case): string {
  const lines = each.dockerfile.split('\n').map((line, index) => `${String(index + 1).padStart(2)}  ${line}`)
  const given = [
    each.dockerignore && `\`.dockerignore\`: ${code(each.dockerignore.trim())}`,
    each.target && `target: ${code(each.target)}`,
    each.args && `build arguments: ${code(JSON.stringify(each.args))}`,
    ...Object.entries(each.files ?? {}).map(
      ([path, text]) => text.startsWith('-> ') && `link: ${code(`${path} ${text}`)}`,
    ),
  ].filter(Boolean)
  return [
    `## ${each.name}`,
    ['```text', ...lines, '```'].join('\n'),
    ...(given.length > 0 ? [given.join(', ')] : []),
    markdownTable([
      ['case', 'what changes', 'reruns', 'may rerun'],
      ...each.changes.map((attempt) => row(each, attempt)),
    ]),
  ].join('\n\n')
}

const pageOf = (head: string, those: readonly Case[]): string =>
  `${[head, ...those.map(section)].join('\n\n').replaceAll('\n\n\n', '\n\n')}\n`

it('docs/prediction.md shows what the package predicts', async () => {
  const some = shown.map((name) => cases.find((each) => each.name === name) as Case)
  await expect(pageOf(introduction, some)).toMatchFileSnapshot(
    join(import.meta.dirname, '../../docs/prediction.md'),
  )
})

it('cases.md has what the package predicts of every case', async () => {
  await expect(pageOf(allCases, cases)).toMatchFileSnapshot(join(import.meta.dirname, 'cases.md'))
})
