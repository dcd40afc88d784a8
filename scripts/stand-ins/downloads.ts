import { copyFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { downloadPackages, downloadTarball, fetchIndex, type PackageIndex } from '../apt.ts'
import { run } from '../process.ts'
import type { Download } from './bases.ts'
import { again, makeWorkFolder } from './work.ts'

/** What a build is given of a download: a build context by its name and folder, and build arguments. */
export type Fetched = { contexts: Record<string, string>; args: Record<string, string> }

/** The index of a Debian release. @throws SetupError when the mirror is out of reach */
export async function fetchRelease(name: string, sources: string[]): Promise<PackageIndex> {
  return fetchIndex(sources, await makeWorkFolder(name), `base-${name}`)
}

/** An index, as a build with the context `apt` at /apt takes it: by `APT_CONFIG=/apt/apt.conf`. */
export async function offerIndex({ folder }: PackageIndex): Promise<Fetched> {
  const settings = {
    'Dir::Etc::sourcelist': '/apt/sources.list',
    'Dir::Etc::sourceparts': '-',
    'Dir::State::lists': '/apt/lists',
    // Debian's own settings would look through every package for questions that nobody answers.
    'Dir::Etc::parts': '/dev/null',
    'Dir::Cache::pkgcache': '',
    'Dir::Cache::srcpkgcache': '',
    'Acquire::Retries': '3',
    'APT::Install-Recommends': 'false',
    'APT::Keep-Downloaded-Packages': 'false',
  }
  const lines = Object.entries(settings).map(([key, value]) => `${key} "${value}";\n`)
  await writeFile(join(folder, 'apt.conf'), lines.join(''))
  return { contexts: { apt: folder }, args: {} }
}

/** npm packages. @throws SetupError when the registry is out of reach */
export async function fetchNpm({ context, npm }: Extract<Download, { npm: object }>): Promise<Fetched> {
  const folder = await makeWorkFolder(context)
  await writeFile(join(folder, 'package.json'), '{"private":true}')
  const flags = ['--ignore-scripts', '--no-bin-links', '--no-audit', '--no-fund', '--silent']
  const wanted = Object.entries(npm).map(([name, version]) => `${name}@${version}`)
  await run('npm', ['install', ...flags, ...wanted], again, { cwd: folder, log: `base-${context}` })
  return { contexts: { [context]: join(folder, 'node_modules') }, args: {} }
}

/**
 * Debian packages.
 * @param index of the release that has them
 * @param sources the index of its source packages, asked for where the download has any
 * @throws SetupError when the mirror is out of reach
 */
export async function fetchDebian(
  download: Extract<Download, { packages: string[] }>,
  index: PackageIndex,
  sources: () => Promise<PackageIndex>,
): Promise<Fetched> {
  const { context, packages, versionArg } = download
  const folder = await makeWorkFolder(context)
  const contexts = { [context]: folder }
  const log = `base-${context}`
  for (const name of download.sources ?? []) await downloadTarball(await sources(), name, folder, log)
  const files = await downloadPackages(index, packages, folder, log)
  if (!versionArg) return { contexts, args: {} }
  const first = files.find((file) => basename(file).startsWith(`${packages[0]}_`)) as string
  const version = await run('dpkg-deb', ['--field', first, 'Version'], again)
  // [epoch:]upstream[+dfsg][-revision]
  const upstream = version
    .trim()
    .replace(/^\d+:/, '')
    .replace(/-[^-]*$/, '')
    .replace(/\+dfsg.*$/, '')
  return { contexts, args: { [versionArg]: upstream } }
}

/** The certificate authorities that this host trusts, as `ca.crt` in the build context `ca`. */
export async function copyAuthorities(): Promise<Fetched> {
  const folder = await makeWorkFolder('ca')
  const { NODE_EXTRA_CA_CERTS, SSL_CERT_FILE } = process.env
  const authorities = NODE_EXTRA_CA_CERTS ?? SSL_CERT_FILE ?? '/etc/ssl/certs/ca-certificates.crt'
  await copyFile(authorities, join(folder, 'ca.crt'))
  return { contexts: { ca: folder }, args: {} }
}
