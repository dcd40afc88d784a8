export interface Package {
  name: string
  version: string
}

/** The installed packages of a dpkg status file, or of one file of a distroless image's `status.d`. */
export function parseDpkgStatus(text: string): Package[] {
  return stanzas(text).flatMap((stanza) => {
    const fields = new Map(stanza.flatMap((line) => field(line, /^([A-Za-z-]+): ?(.*)$/)))
    const name = fields.get('Package')
    const version = fields.get('Version')
    const state = fields.get('Status')?.split(' ').at(-1) ?? 'installed'
    return name && version && state === 'installed' ? [{ name, version }] : []
  })
}

/** The packages of an apk database: `P:` the name, `V:` the version. */
export function parseApkInstalled(text: string): Package[] {
  return stanzas(text).flatMap((stanza) => {
    const fields = new Map(stanza.flatMap((line) => field(line, /^([PV]):(.*)$/)))
    const name = fields.get('P')
    const version = fields.get('V')
    return name && version ? [{ name, version }] : []
  })
}

/** The package of a `package.json`; none when it has no name or version, as those that only set a module type. */
export function parsePackageJson(text: string): Package[] {
  if (!text.trimStart().startsWith('{')) return []
  try {
    const { name, version } = JSON.parse(text)
    return typeof name === 'string' && typeof version === 'string' ? [{ name, version }] : []
  } catch {
    return []
  }
}

/**
 * The distribution of a Python `METADATA`: headers up to the first empty line, its name as an index has it
 * (https://packaging.python.org/en/latest/specifications/core-metadata/ and .../name-normalization/).
 */
export function parsePythonMetadata(text: string): Package[] {
  const headers = text.split(/\r?\n\r?\n/, 1)[0]?.split(/\r?\n/) ?? []
  const fields = new Map(headers.flatMap((line) => field(line, /^([A-Za-z-]+):(.*)$/)))
  const name = fields
    .get('Name')
    ?.toLowerCase()
    .replace(/[-_.]+/g, '-')
  const version = fields.get('Version')
  return name && version ? [{ name, version }] : []
}

/** The packages of a `Cargo.lock` that have a source: those of its own workspace have none. */
export function parseCargoLock(text: string): Package[] {
  return text.split(/^\[\[package\]\]\r?$/m).flatMap((block) => {
    const fields = new Map(block.split('\n').flatMap((line) => field(line, /^(\w+) = "(.*)"/)))
    const name = fields.get('name')
    const version = fields.get('version')
    return name && version && fields.has('source') ? [{ name, version }] : []
  })
}

/** Sorted by name, then version; each pair once. */
export function sortPackages(packages: Iterable<Package>): Package[] {
  const unique = new Map(Array.from(packages, (each) => [`${each.name}\0${each.version}`, each]))
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each)
}

function stanzas(text: string): string[][] {
  return text.split(/\n\s*\n/).map((stanza) => stanza.split('\n'))
}

function field(line: string, shape: RegExp): [string, string][] {
  const match = shape.exec(line)
  return match ? [[match[1] as string, (match[2] as string).trim()]] : []
}
