import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contents, type Image, type LayerEntry } from '@stagecraft/image'
import { attempt } from '@stagecraft/scripts/process'

/** What is known of an official image, and which differences a stand-in may have, each with its reason. */
export type Facts = {
  source: string
  config: {
    user: string
    workdir: string
    entrypoint: string[]
    cmd: string[]
    /** A value that ends in `*` is known up to there: the tag moves on. */
    env: Record<string, string>
    labels?: string[]
    ports: string[]
    volumes: string[]
    stopSignal: string | null
  }
  users: { name: string; uid: number; gid: number; home: string; shell: string }[]
  /** `file <mode> <uid>:<gid>`, `directory <mode> <uid>:<gid>` or `link <target>`. */
  paths: Record<string, string>
  absent: string[]
  /** The whole list of OS packages, where it is known. */
  packages?: string[]
  /** Packages that must be among them. */
  includesPackages?: string[]
  /** Words that a command prints. */
  says?: Record<string, string[]>
  unpackedMegabytes?: number
  compressedBytes?: number
  layers?: number
  differences: Record<string, string>
}

/** By the name of the image. */
export const official: Record<string, Facts> = JSON.parse(
  await readFile(join(import.meta.dirname, 'official.json'), 'utf8'),
)

/** Every way in which a local image is not what the facts say, a line each, sorted. */
export async function differences(name: string, image: Image, facts: Facts): Promise<string[]> {
  return [
    ...configDifferences(image, facts),
    ...contentDifferences(image, facts),
    ...sizeDifferences(image, facts),
    ...(await unsaid(name, facts)),
  ].sort()
}

function different(what: string, actual: unknown, wanted: unknown): string[] {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(wanted)]
  return a === b ? [] : [`${what} is ${a} instead of ${b}`]
}

function extras(what: string, actual: string[], wanted: string[]): string[] {
  return [
    ...wanted.filter((one) => !actual.includes(one)).map((one) => `${what} ${one} is missing`),
    ...actual.filter((one) => !wanted.includes(one)).map((one) => `${what} ${one} is extra`),
  ]
}

function environment({ config }: Image): Record<string, string> {
  return Object.fromEntries(config.env.map((line) => line.split(/=(.*)/s, 2)))
}

function configDifferences(image: Image, { config: wanted }: Facts): string[] {
  const { config } = image
  const env = environment(image)
  const changed = Object.entries(wanted.env).filter(
    ([key, value]) => key in env && !(value.endsWith('*') && env[key]?.startsWith(value.slice(0, -1))),
  )
  return [
    ...different('user', config.user, wanted.user),
    ...different('workdir', config.workdir, wanted.workdir),
    ...different('entrypoint', config.entrypoint, wanted.entrypoint),
    ...different('cmd', config.cmd, wanted.cmd),
    ...different('exposed ports', config.exposedPorts, wanted.ports),
    ...different('volumes', config.volumes, wanted.volumes),
    ...different('stop signal', config.stopSignal || null, wanted.stopSignal),
    ...extras('label', Object.keys(config.labels), wanted.labels ?? []),
    ...extras('env', Object.keys(env), Object.keys(wanted.env)),
    ...changed.flatMap(([key, value]) => different(`env ${key}`, env[key], value)),
  ]
}

function contentDifferences(image: Image, facts: Facts): string[] {
  const tree = new Map<string, LayerEntry>()
  for (const entry of image.layers.flatMap(({ entries }) => entries)) {
    if (entry.type === 'whiteout') tree.delete(entry.path)
    else tree.set(entry.path, entry)
  }
  const paths = Object.entries(facts.paths).flatMap(([path, wanted]) => {
    const entry = tree.get(local(path))
    return entry ? different(`path ${path}`, describeEntry(entry), wanted) : [`path ${path} is missing`]
  })
  // A variable that the official image does not have may name a file of the stand-in's own.
  const own = Object.entries(environment(image)).flatMap(([key, value]) =>
    key in facts.config.env ? [] : [value],
  )
  const { osPackages, users } = contents(image)
  const names = osPackages.map(({ name }) => name)
  return [
    ...paths,
    ...[...facts.absent, ...own]
      .filter((path) => tree.has(local(path)))
      .map((path) => `path ${path} is extra`),
    ...(facts.packages ? extras('package', names, facts.packages) : []),
    ...extras('package', names, [...names, ...(facts.includesPackages ?? [])]),
    ...facts.users.flatMap((wanted) =>
      different(
        `user ${wanted.name}`,
        users.find(({ name }) => name === wanted.name),
        wanted,
      ),
    ),
  ]
}

/** The official headers of amd64 are named in the facts; on arm64 the two change places. */
function local(path: string): string {
  if (process.arch !== 'arm64') return path
  return path.replace(/linux-(x86_64|aarch64)$/, (name) =>
    name === 'linux-x86_64' ? 'linux-aarch64' : 'linux-x86_64',
  )
}

function describeEntry({ type, mode, uid, gid, target }: LayerEntry): string {
  return type === 'symlink' ? `link ${target}` : `${type} ${mode.toString(8)} ${uid}:${gid}`
}

function sizeDifferences(image: Image, facts: Facts): string[] {
  const near = (what: string, actual: number, wanted = actual): string[] =>
    Math.abs(actual / wanted - 1) > 0.1
      ? [`${what} is ${actual > wanted ? 'larger' : 'smaller'} than the official image`]
      : []
  const { layers = image.layers.length, unpackedMegabytes, compressedBytes } = facts
  return [
    ...near('unpacked', image.unpackedBytes, unpackedMegabytes && unpackedMegabytes * 1e6),
    ...near('compressed', image.compressedBytes, compressedBytes),
    ...(layers === image.layers.length ? [] : [`${image.layers.length} layers instead of ${layers}`]),
  ]
}

async function unsaid(name: string, { says = {} }: Facts): Promise<string[]> {
  const lines = Object.entries(says).map(async ([command, wanted]) => {
    const [program = '', ...args] = command.split(' ')
    const run = ['run', '--rm', '--network=none', `--entrypoint=${program}`, name, ...args]
    const words = (await attempt('docker', run)).output.split(/\s+/)
    return wanted.filter((word) => !words.includes(word)).map((word) => `${command} does not say ${word}`)
  })
  return (await Promise.all(lines)).flat()
}
