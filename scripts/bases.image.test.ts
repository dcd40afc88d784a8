import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { readLocalImage } from '../packages/contract/src/index.ts'
import { contents, type Image, type LayerEntry } from '../packages/image/src/index.ts'
import { bases, standInLabel } from './bases.ts'
import { root } from './process.ts'

/** What is known of an official image, and which differences a stand-in may have, each with its reason. */
type Facts = {
  source: string
  config: {
    user: string
    workdir: string
    entrypoint: string[]
    cmd: string[]
    env: Record<string, string>
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
  unpackedMegabytes?: number
  compressedBytes?: number
  layers?: number
  differences: Record<string, string>
}

const official: Record<string, Facts> = JSON.parse(
  await readFile(join(import.meta.dirname, 'bases/official.json'), 'utf8'),
)

/** The official headers of amd64 are named in the facts; on arm64 the two change places. */
const local = (path: string): string =>
  process.arch === 'arm64'
    ? path.replace(/linux-(x86_64|aarch64)$/, (name) =>
        name === 'linux-x86_64' ? 'linux-aarch64' : 'linux-x86_64',
      )
    : path

function describeEntry({ type, mode, uid, gid, target }: LayerEntry): string {
  return type === 'symlink' ? `link ${target}` : `${type} ${mode.toString(8)} ${uid}:${gid}`
}

/** Every way in which the image is not what the facts say, a line each, sorted. */
function differences({ config, layers, ...image }: Image, facts: Facts): string[] {
  const found: string[] = []
  const compare = (what: string, actual: unknown, wanted: unknown): void => {
    const [a, b] = [JSON.stringify(actual), JSON.stringify(wanted)]
    if (a !== b) found.push(`${what} is ${a} instead of ${b}`)
  }
  const extras = (what: string, actual: string[], wanted: string[]): void => {
    for (const one of wanted) if (!actual.includes(one)) found.push(`${what} ${one} is missing`)
    for (const one of actual) if (!wanted.includes(one)) found.push(`${what} ${one} is extra`)
  }

  const wanted = facts.config
  compare('user', config.user, wanted.user)
  compare('workdir', config.workdir, wanted.workdir)
  compare('entrypoint', config.entrypoint, wanted.entrypoint)
  compare('cmd', config.cmd, wanted.cmd)
  compare('exposed ports', config.exposedPorts, wanted.ports)
  compare('volumes', config.volumes, wanted.volumes)
  compare('stop signal', config.stopSignal || null, wanted.stopSignal)
  extras('label', Object.keys(config.labels), [])
  const env = Object.fromEntries(config.env.map((line) => line.split(/=(.*)/s, 2)))
  extras('env', Object.keys(env), Object.keys(wanted.env))
  for (const [key, value] of Object.entries(wanted.env))
    if (key in env) compare(`env ${key}`, env[key], value)

  const tree = new Map<string, LayerEntry>()
  for (const { entries } of layers) for (const entry of entries) tree.set(entry.path, entry)
  for (const [path, value] of Object.entries(facts.paths)) {
    const entry = tree.get(local(path))
    if (!entry) found.push(`path ${path} is missing`)
    else compare(`path ${path}`, describeEntry(entry), value)
  }
  for (const path of facts.absent) if (tree.has(local(path))) found.push(`path ${path} is extra`)
  const authorities = env.NODE_EXTRA_CA_CERTS
  if (authorities && tree.has(authorities)) found.push(`path ${authorities} is extra`)

  const { osPackages, users } = contents({ layers })
  const names = osPackages.map(({ name }) => name)
  if (facts.packages) extras('package', names, facts.packages)
  for (const name of facts.includesPackages ?? [])
    if (!names.includes(name)) found.push(`package ${name} is missing`)
  for (const user of facts.users) {
    compare(
      `user ${user.name}`,
      users.find(({ name }) => name === user.name),
      user,
    )
  }

  const near = (what: string, actual: number, figure: number | undefined): void => {
    if (figure && Math.abs(actual / figure - 1) > 0.1) {
      found.push(`${what} is ${(actual / figure).toFixed(2)} times the official size`)
    }
  }
  near('unpacked', image.unpackedBytes, facts.unpackedMegabytes && facts.unpackedMegabytes * 1e6)
  near('compressed', image.compressedBytes, facts.compressedBytes)
  if (facts.layers && layers.length !== facts.layers)
    found.push(`${layers.length} layers instead of ${facts.layers}`)
  return found.sort()
}

describe('the facts about official base images', () => {
  it('cover exactly the bases that set-up sees to', () => {
    expect(Object.keys(official).sort()).toEqual(bases.map(({ name }) => name).sort())
  })

  it('give a reason for every difference', () => {
    for (const { differences } of Object.values(official)) {
      for (const reason of Object.values(differences)) expect(reason.length).toBeGreaterThan(20)
    }
  })
})

describe.each(bases.map(({ name }) => name))('%s', (name) => {
  let image: Image
  beforeAll(async () => {
    image = await readLocalImage(name, join(root, '.cache/layers'))
  })

  it('differs from the official image as listed, and in nothing else', () => {
    const facts = official[name] as Facts
    const isStandIn = standInLabel in image.config.labels
    expect(differences(image, facts)).toEqual(isStandIn ? Object.keys(facts.differences).sort() : [])
  })

  it('has an entrypoint that behaves as documented', async () => {
    const docker = async (...args: string[]): Promise<string> =>
      (await promisify(execFile)('docker', ['run', '--rm', '--network=none', name, ...args])).stdout.trim()
    expect(await docker('-p', '6 * 7')).toBe('42')
    if (!name.startsWith('node:')) return
    expect(await docker('npm', '--version')).toMatch(/^\d+\.\d+\.\d+$/)
    expect(await docker('/usr/local/lib/node_modules/npm/bin/npm-cli.js', '--version')).toMatch(
      /^\d+\.\d+\.\d+$/,
    )
  })
})
