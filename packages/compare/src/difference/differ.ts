import type { Contents, Difference, Other, Spread } from '@stagecraft/report'
import { margin } from '@stagecraft/report/margin'
import { milliseconds } from '../units.ts'

/** What two images are compared by. A report of before these fields were there has no config and no folders. */
export type Side = Partial<Pick<Other, 'config' | 'run'>> & Pick<Other, 'size' | 'layers' | 'contents'>

export type Change = Difference['changes'][number]

/** As the report calls them, in the order in which they are shown. */
const packages = {
  osPackages: 'OS package',
  npmPackages: 'npm package',
  pythonPackages: 'Python package',
  goModules: 'Go module',
  rustCrates: 'Rust crate',
} as const
const paths = {
  shells: 'shell',
  packageManagers: 'package manager',
  compilers: 'compiler',
  setuidFiles: 'setuid file',
} as const

/**
 * What `to` has that `from` has not, the other way round, and what differs. A time within the other's margin does not
 * differ, nor does memory by less than a tenth.
 */
export function differ(from: Side, to: Side): Change[] {
  return [
    ...sizes(from, to),
    ...runs(from, to),
    ...configs(from, to),
    ...Object.entries(packages).flatMap(([key, what]) => {
      const list = (side: Side) => side.contents[key as keyof typeof packages] ?? []
      return packageChanges(what, list(from), list(to))
    }),
    ...Object.entries(paths).flatMap(([key, what]) => {
      const list = (side: Side) => side.contents[key as keyof typeof paths]
      return listChanges(what, list(from), list(to))
    }),
    ...folderChanges(from.contents, to.contents),
    ...layerChanges(from, to),
  ]
}

function sizes(from: Side, to: Side): Change[] {
  const figures: [name: string, of: (side: Side) => number][] = [
    ['pull', ({ size }) => size.compressedBytes],
    ['disk', ({ size }) => size.unpackedBytes],
    ['waste', ({ contents }) => contents.wastedBytes],
  ]
  return figures.flatMap(([name, of]) => {
    const bytes = of(to) - of(from)
    return bytes === 0 ? [] : [{ what: 'size', name, from: `${of(from)}`, to: `${of(to)}`, bytes }]
  })
}

function runs({ run: from }: Side, { run: to }: Side): Change[] {
  if (!from || !to) return []
  const memory = Math.abs(to.idleMemoryBytes - from.idleMemoryBytes)
  const idle = Math.min(to.idleMemoryBytes, from.idleMemoryBytes)
  return [
    ...(isSame(from.startToReadyMs, to.startToReadyMs)
      ? []
      : [
          {
            what: 'time',
            name: 'ready',
            from: `${milliseconds(from.startToReadyMs)} ms`,
            to: `${milliseconds(to.startToReadyMs)} ms`,
          },
        ]),
    ...(memory <= idle / 10
      ? []
      : [
          {
            what: 'memory',
            name: 'idle',
            from: `${from.idleMemoryBytes}`,
            to: `${to.idleMemoryBytes}`,
            bytes: to.idleMemoryBytes - from.idleMemoryBytes,
          },
        ]),
  ]
}

const isSame = (a: Spread, b: Spread): boolean =>
  Math.abs(a.median - b.median) <= Math.max(margin(a), margin(b))

function configs({ config: from }: Side, { config: to }: Side): Change[] {
  if (!from || !to) return []
  const one = (what: string, a: string, b: string): Change[] =>
    a === b ? [] : [{ what, name: '', ...(a && { from: a }), ...(b && { to: b }) }]
  const words = (list: readonly string[]) => list.join(' ')
  return [
    ...one('user', from.user || 'root', to.user || 'root'),
    ...one('entrypoint', words(from.entrypoint), words(to.entrypoint)),
    ...one('command', words(from.cmd), words(to.cmd)),
    ...one('working directory', from.workdir, to.workdir),
    ...one('health check', words(from.healthcheck), words(to.healthcheck)),
    ...one('stop signal', from.stopSignal || 'SIGTERM', to.stopSignal || 'SIGTERM'),
    ...valueChanges('environment', variables(from.env), variables(to.env)),
    ...listChanges('port', from.exposedPorts, to.exposedPorts),
    ...listChanges('volume', from.volumes, to.volumes),
  ]
}

function variables(env: readonly string[]): Map<string, string> {
  return new Map(env.map((each) => [each.split('=', 1)[0] ?? '', each.slice(each.indexOf('=') + 1)]))
}

type Packages = Contents['osPackages']

/** Of a name with several versions, all of them count as one. */
function packageChanges(what: string, from: Packages, to: Packages): Change[] {
  const versions = (list: Packages) => {
    const found = new Map<string, string>()
    for (const { name, version } of list)
      found.set(name, [found.get(name), version].filter(Boolean).join(', '))
    return found
  }
  return valueChanges(what, versions(from), versions(to))
}

function listChanges(what: string, from: readonly string[], to: readonly string[]): Change[] {
  const map = (list: readonly string[]) => new Map(list.map((each) => [each, '']))
  return valueChanges(what, map(from), map(to))
}

/** A name that both have with the same value is no change. */
function valueChanges(
  what: string,
  from: ReadonlyMap<string, string>,
  to: ReadonlyMap<string, string>,
): Change[] {
  return [...new Set([...from.keys(), ...to.keys()])].sort().flatMap((name): Change[] => {
    const [a, b] = [from.get(name), to.get(name)]
    return a === b
      ? []
      : [{ what, name, ...(a !== undefined && { from: a }), ...(b !== undefined && { to: b }) }]
  })
}

/**
 * Where the bytes are: the deepest folders that hold a difference of a megabyte or more, the largest first. One that
 * differs by little more than what is told of in it is left out.
 */
function folderChanges({ folders: from }: Contents, { folders: to }: Contents): Change[] {
  if (!from || !to) return []
  const [a, b] = [from, to].map((list) => new Map(list.map(({ path, bytes }) => [path, bytes])))
  const all = [...new Set([...(a?.keys() ?? []), ...(b?.keys() ?? [])])]
  const more = (path: string) => (b?.get(path) ?? 0) - (a?.get(path) ?? 0)
  const told = new Map<string, number>()
  // The deepest first, so that what is told of within a folder is known.
  const depth = (path: string) => path.split('/').length
  for (const path of all.toSorted((x, y) => depth(y) - depth(x))) {
    const within = [...told]
      .filter(([other]) => other.startsWith(`${path}/`))
      .reduce((sum, [, bytes]) => sum + bytes, 0)
    if (Math.abs(more(path) - within) >= 1e6) told.set(path, more(path) - within)
  }
  return [...told]
    .sort(([, x], [, y]) => Math.abs(y) - Math.abs(x))
    .map(([name, bytes]) => ({
      what: 'folder',
      name,
      ...(a?.has(name) && { from: `${a.get(name)}` }),
      ...(b?.has(name) && { to: `${b.get(name)}` }),
      bytes,
    }))
}

function layerChanges(from: Side, to: Side): Change[] {
  const own = ({ layers }: Side, other: Side) =>
    layers.filter(({ digest }) => !other.layers.some((each) => each.digest === digest))
  const described = (side: Side, other: Side) =>
    own(side, other).map(({ digest, createdBy, compressedBytes }) => ({
      name: createdBy || digest,
      compressedBytes,
    }))
  return [
    ...described(from, to).map(({ name, compressedBytes }) => ({
      what: 'layer',
      name,
      from: `${compressedBytes}`,
      bytes: -compressedBytes,
    })),
    ...described(to, from).map(({ name, compressedBytes }) => ({
      what: 'layer',
      name,
      to: `${compressedBytes}`,
      bytes: compressedBytes,
    })),
  ]
}
