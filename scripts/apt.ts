import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
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

/**
 * Downloads packages of another Debian release, and nothing that they depend on. Their index is one that the host's own
 * apt never sees; debian-archive-keyring, which must be installed, says whether it is genuine.
 * @param names of packages, or apt's patterns
 * @param folder an empty one; apt's own files are in it too, in `.apt-*`, while this runs
 * @param log begins the names of the logs
 * @param sources source packages, of which the upstream tarball is downloaded
 * @returns the absolute paths of the files
 * @throws SetupError when the mirror is out of reach or has no such package
 */
export async function downloadPackages(
  suite: string,
  names: string[],
  folder: string,
  log: string,
  sources: string[] = [],
): Promise<string[]> {
  const apt = await mkdtemp(join(folder, '.apt-'))
  try {
    const types = sources.length > 0 ? ['deb', 'deb-src'] : ['deb']
    const options = await indexOf(suite, types, apt)
    const next = 'Check the network and run this again; what is done is kept.'
    await run('apt-get', [...options, 'update'], next, { log: `${log}-update` })
    await run('apt-get', [...options, 'download', ...names], next, { cwd: folder, log: `${log}-download` })
    for (const name of sources) {
      const tarball = ['source', '--download-only', '--tar-only', name]
      await run('apt-get', [...options, ...tarball], next, { cwd: folder, log: `${log}-source` })
    }
  } finally {
    await rm(apt, { recursive: true, force: true })
  }
  return (await readdir(folder)).map((file) => join(folder, file))
}

/** Options that keep apt to one suite, and all that it writes to one folder. */
async function indexOf(suite: string, types: string[], folder: string): Promise<string[]> {
  await mkdir(join(folder, 'lists/partial'), { recursive: true })
  await mkdir(join(folder, 'cache/archives/partial'), { recursive: true })
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'
  const list = join(folder, 'sources.list')
  const lines = types.map((type) => `${type} [signed-by=${keyring}] ${debianMirror} ${suite} main\n`)
  await writeFile(list, lines.join(''))
  const settings = {
    'Dir::Etc::sourcelist': list,
    'Dir::Etc::sourceparts': '-',
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::State::status': '/dev/null',
    'Dir::Cache': join(folder, 'cache'),
    'APT::Sandbox::User': 'root',
    'Acquire::Retries': '3',
    // Else a mirror out of reach is a warning, and its packages unknown.
    'APT::Update::Error-Mode': 'any',
  }
  return Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`])
}
