import type { Other } from '@stagecraft/report'
import wrapAnsi from 'wrap-ansi'
import type { Change } from './difference/differ.ts'
import { cut } from './scenarios/render.ts'
import { megabytes, milliseconds } from './units.ts'

/** An image that is not of this repository, for a terminal of 80 columns. */
export function renderOther(other: Other): string {
  const { size, layers, contents, run, notRun, contract, like, dockerfile } = other
  const { npmPackages, pythonPackages = [], goModules = [], rustCrates = [] } = contents
  const libraries = npmPackages.length + pythonPackages.length + goModules.length + rustCrates.length
  const tools = contents.shells.length + contents.packageManagers.length + contents.compilers.length
  const facts = [
    `${megabytes(size.compressedBytes)} MB pull, ${megabytes(size.unpackedBytes)} disk, ${megabytes(contents.wastedBytes)} waste, ${layers.length} layers`,
    `${contents.files} files, ${contents.osPackages.length} OS packages, ${libraries} libs, ${tools} tools, ${contents.setuidFiles.length} setuid`,
  ]
  if (run) {
    const { runs } = run.startToReadyMs
    const ready = `ready in ${milliseconds(run.startToReadyMs)} ms (${runs === 1 ? '1 start' : `${runs} starts`})`
    facts.push(`${ready}, ${megabytes(run.idleMemoryBytes)} MB idle, stopped in ${run.stopMs.toFixed(0)} ms`)
    if (run.loadedMemoryBytes !== undefined)
      facts.push(
        `${megabytes(run.loadedMemoryBytes)} MB after 1,000 requests, ${run.bareStartToReadyMs ? `ready in ${run.bareStartToReadyMs.median.toFixed(0)} ms without a container` : `not started without a container: ${run.notBare}`}`,
      )
  }
  return [
    other.image,
    ...facts.map((line) => indent(line, 2)),
    ...renderWaste(other),
    ...(notRun ? ['  not run:', indent(notRun, 4)] : []),
    ...(contract ? renderPromises(contract) : []),
    ...(like ? [indent(renderLike(like.from, like.changes), 2)] : []),
    ...(dockerfile ? renderDockerfile(dockerfile) : []),
  ].join('\n')
}

/** Sums of a megabyte or more, and the instructions that wrote and buried them. */
function renderWaste({ layers, contents: { wastedBy = [] } }: Other): string[] {
  const named = (index: number) => {
    const { createdBy = '' } = layers[index] ?? {}
    return createdBy ? `\`${cut(createdBy.replaceAll(/\s+/g, ' '), 60)}\`` : `layer ${index + 1}`
  }
  return wastedBy
    .filter(({ bytes }) => bytes >= 1_000_000)
    .map(({ layer, by, files, bytes, path }) =>
      indent(
        `waste: ${megabytes(bytes)} MB in ${files} files of ${named(layer)}, such as ${path}, are buried by ${named(by)}`,
        2,
      ),
    )
}

function renderPromises(contract: NonNullable<Other['contract']>): string[] {
  const broken = contract.filter(({ verdict }) => verdict === 'fail')
  const head = `  keeps ${contract.length - broken.length} of ${contract.length} promises of docs/contract.md`
  return [
    broken.length > 0 ? `${head}, and not:` : head,
    // What was seen, and where to look; the promise itself is in the documentation.
    ...broken.map(({ detail }) => {
      const [seen = '', , look = ''] = detail.split('\n')
      return indent(`${seen}\n${look}`, 4)
    }),
  ]
}

function renderDockerfile({ checks, after }: NonNullable<Other['dockerfile']>): string[] {
  const said = checks.map(({ rule, line, detail }) =>
    indent(`${line ? `line ${line}: ` : ''}${rule}: ${detail}`, 4),
  )
  const lines = [
    checks.length > 0 ? "  BuildKit's build checks:" : "  BuildKit's build checks find nothing",
    ...said,
  ]
  if (!after) return lines
  const { changed, rerun, cached } = after
  return [
    ...lines,
    indent(`after a changed ${changed}, ${rerun.length} of ${rerun.length + cached} steps run again:`, 2),
    ...rerun.map(({ line, instruction, why = '' }) =>
      cut(`${String(line).padStart(8)}  ${cut(instruction, 34).padEnd(34)}  ${why}`, 80),
    ),
  ]
}

/** As `like node-hello:prod, 61.0 MB more on disk: /root/.npm 40.1, waste 33.4`. */
function renderLike(name: string, changes: readonly Change[]): string {
  const bytesOf = (wanted: string) =>
    changes.find(({ what, name }) => what === 'size' && name === wanted)?.bytes ?? 0
  const disk = bytesOf('disk')
  if (Math.abs(disk) < 50_000) return `like ${name}, and as large`
  const parts = [
    ...changes.filter(({ what }) => what === 'folder'),
    { name: 'waste', bytes: bytesOf('waste') },
  ]
  const where = parts
    .filter(({ bytes = 0 }) => Math.sign(bytes) === Math.sign(disk) && Math.abs(bytes) >= 50_000)
    .sort((a, b) => Math.abs(b.bytes ?? 0) - Math.abs(a.bytes ?? 0))
    .slice(0, 4)
    .map(({ name, bytes = 0 }) => `${name} ${megabytes(Math.abs(bytes))}`)
  const more = `like ${name}, ${megabytes(Math.abs(disk))} MB ${disk > 0 ? 'more' : 'less'} on disk`
  return where.length > 0 ? `${more}: ${where.join(', ')}` : more
}

/** Wrapped at 80 columns. */
function indent(text: string, by: number): string {
  const lines = wrapAnsi(text, 80 - by, { hard: true }).split('\n')
  return lines.map((line) => ' '.repeat(by) + line).join('\n')
}
