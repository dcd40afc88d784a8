import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { attempt, run } from './process.ts'

export const debianMirror = process.env.DEBIAN_MIRROR ?? 'http://deb.debian.org/debian'

/** Installs what is missing of `names` from the host's own release. */
export async function installHostPackages(names: string[]): Promise<void> {
  const installed = await attempt('dpkg-query', [
    '-W',
    '-f',
    '$' + '{Package} $' + '{db:Status-Status}\n',
    ...names,
  ])
  const missing = names.filter((name) => !installed.stdout.includes(`${name} installed\n`))
  if (missing.length === 0) return
  const next = `Check the network, or install by hand: apt-get install ${missing.join(' ')}`
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const lock = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3']
  // An install that was killed leaves packages unpacked but not configured, and apt refuses to go on.
  await run('dpkg', ['--configure', '-a'], next, { env, log: 'dpkg-configure' })
  await run('apt-get', [...lock, 'update'], next, { log: 'apt-update' })
  await run('apt-get', [...lock, 'install', '-y', '--no-install-recommends', ...missing], next, {
    env,
    log: 'apt-install',
  })
}

/** What a mirror has: an index that the host's own apt never sees. */
export type PackageIndex = {
  /** Holds `sources.list` and the index itself, `lists`, and nothing else. */
  folder: string
  /** Options that keep apt to it. */
  options: string[]
}

const next = 'Check the network and run this again; what is done is kept.'

/**
 * Fetches the index of Debian releases. debian-archive-keyring, which must be installed, says whether it is genuine.
 * @param sources lines of a sources.list, with no options: `deb <mirror> <suite> main`
 * @param work where its folder is made, and apt's caches
 * @param log begins the name of the log
 * @throws SetupError when the mirror is out of reach
 */
export async function fetchIndex(sources: string[], work: string, log: string): Promise<PackageIndex> {
  const folder = join(work, 'index')
  await mkdir(join(folder, 'lists/partial'), { recursive: true })
  await mkdir(join(work, 'cache/archives/partial'), { recursive: true })
  const keyring = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
  const list = join(folder, 'sources.list')
  await writeFile(list, sources.map((line) => `${line.replace(' ', ` ${keyring} `)}\n`).join(''))
  const settings = {
    'Dir::Etc::sourcelist': list,
    'Dir::Etc::sourceparts': '-',
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': join(work, 'cache'),
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Acquire::GzipIndexes': 'true',
    'Acquire::Retries': '3',
    // Else a mirror out of reach is a warning, and its packages unknown.
    'APT::Update::Error-Mode': 'any',
  }
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`])
  await run('apt-get', ['update', ...options], next, { log: `${log}-update` })
  return { folder, options }
}

/**
 * Downloads packages, and nothing that they depend on.
 * @param names of packages, or apt's patterns
 * @param folder where they go
 * @param log begins the name of the log
 * @returns the absolute paths of all the files in the folder
 * @throws SetupError when the mirror is out of reach or has no such package
 */
export async function downloadPackages(
  { options }: PackageIndex,
  names: string[],
  folder: string,
  log: string,
): Promise<string[]> {
  await run('apt-get', ['download', ...names, ...options], next, { cwd: folder, log: `${log}-download` })
  return (await readdir(folder)).map((file) => join(folder, file))
}

/** Downloads the upstream tarball of a source package. @throws SetupError as downloadPackages does */
export async function downloadTarball(
  { options }: PackageIndex,
  name: string,
  folder: string,
  log: string,
): Promise<void> {
  const source = ['source', '--download-only', '--tar-only', name]
  await run('apt-get', [...source, ...options], next, { cwd: folder, log: `${log}-source` })
}
