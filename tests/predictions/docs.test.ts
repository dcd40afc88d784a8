import { join } from 'node:path'
import { analyze } from '@stagecraft/dockerfile'
import { markdownTable } from 'markdown-table'
import { expect, it } from 'vitest'
import { type Case, cases, questionOf, type Try } from './cases.ts'

const introduction = `# What reruns: the cases

\`packages/dockerfile\` says which instructions of a Dockerfile run again after a change, from the text alone. Here is what it says in ${cases.length} Dockerfiles that are small but tricky, ${cases.reduce((sum, { changes }) => sum + changes.length, 0)} changes in all. Each is built before and after by \`npm test predictions\`, and BuildKit must do what is written here: an instruction that is not listed comes from the cache, one under *reruns* runs, and one under *may rerun* does what is said behind it. There, BuildKit first makes files and then compares them, and no text tells what will be in them. \`fastify-service\` answers the same over HTTP: \`POST /analyze\`, with a page about it at \`/docs\`.

What decides:

- A step runs again when the step that it builds on did.
- \`COPY\`, \`ADD\` and mounts run again when the files that they take have another checksum. It is over names, contents, modes and owners, and not over times. Files of another stage are compared like files of the build context: a stage that makes the same again stops there.
- \`RUN\` runs again when its text, shell, user, directory or any variable that it could see is another, an \`ARG\` above it included, whether it uses it or not. What comes first, \`ARG\` or \`ENV\`, does not matter: the later one wins.
- Secrets, the contents of caches, and instructions that only describe the image play no part.
- \`.dockerignore\` comes first: what it leaves out has not changed. When it changes itself, all that comes from the build context may differ.
- A Dockerfile in the build context is a file of it: when its text changes and nothing ignores it, \`COPY . .\` runs again. Name its path besides the instruction.

The text does not tell everything. The platform is taken to be linux/amd64 unless build arguments say otherwise, paths of the build context to be no symbolic links unless the question lists them, and what \`# syntax=\` may load to have the rules of Dockerfile 1.19. A name behind \`from=\` that is no stage is an image. \`ONBUILD\` is not followed, and whether an address that \`ADD\` fetches has changed, only its server knows. \`--parents\` is read, but no engine that tests this has it yet.

An instruction that could come from the cache may still run: of build contexts in folders of the same name, buildx lets BuildKit believe that they are one, and builds that go on at the same time then miss what is in the cache. Here each has a name of its own.

The Dockerfiles of this repository are held against BuildKit too: after a line in an app, in a package that it shares and in another app, a dependency, the lockfile alone, scripts alone in \`package.json\`, a README and what else is ignored, a mode, a time, a build argument and the text of an instruction. All but a changed line are tried with commands that make no more than empty folders, where no other prediction depends on what they make.

*NEW* stands for something that was never there before.
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

it('docs/prediction.md is what the package says of the cases', async () => {
  const page = [introduction, ...cases.map(section)].join('\n\n').replaceAll('\n\n\n', '\n\n')
  await expect(`${page}\n`).toMatchFileSnapshot(join(import.meta.dirname, '../../docs/prediction.md'))
})
