import { spawn } from 'node:child_process'
import {
  glob,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { debianMirror, downloadPackages, fetchIndex, installHostPackages } from './apt.ts'
import { attempt, interrupt, type RunResult, run, SetupError, say } from './process.ts'

const installPage = 'https://docs.docker.com/engine/install/'

/** The oldest engine whose built-in Dockerfile frontend (1.19) knows `COPY --exclude`, which the Dockerfiles use. */
export const minimumEngine = [28, 5] as const

/** Where the engine is that set-up installs: system-wide, because it outlives the clone that installed it. */
export const home = '/opt/stagecraft-engine'
const logFile = '/var/log/stagecraft-engine.log'

/**
 * Packages of Debian testing that run from where they are unpacked on any glibc from 2.34; Debian 12 and 13
 * themselves ship engines too old for these Dockerfiles. `runc` and `iptables` come from the host's own release.
 */
const testingPackages = [
  'docker.io',
  'docker-cli',
  'docker-buildx',
  'docker-compose',
  'containerd',
  'tini-static',
]
const hostPackages = ['runc', 'iptables', 'debian-archive-keyring']

/**
 * Sees to a Docker Engine with buildx and compose. One that answers is used as it is and never touched.
 * Else, as root on Debian or Ubuntu, one is installed and started.
 * @throws SetupError when neither can be
 */
export async function ensureEngine(): Promise<void> {
  const answer = await askEngine()
  if (answer.code === 0) return checkEngine(answer.stdout.trim())
  if (/permission denied/i.test(answer.output)) {
    throw new SetupError(
      'The Docker Engine runs, but this user may not use it.',
      'Add yourself to the docker group (sudo usermod -aG docker "$USER"), log in again and run this again.',
    )
  }
  if (process.env.DOCKER_HOST) {
    throw new SetupError(
      `No Docker Engine answers at DOCKER_HOST=${process.env.DOCKER_HOST}.`,
      'Start it, or unset DOCKER_HOST to use a local one.',
    )
  }
  if (process.getuid?.() !== 0 || !(await isDebianFamily())) {
    throw new SetupError(
      'No Docker Engine answers.',
      `Start it, or install it: ${installPage} (as root on Debian or Ubuntu, this script does it for you).`,
    )
  }
  await installEngine()
  await startEngine()
  const started = await askEngine()
  await checkEngine(started.stdout.trim())
}

function askEngine(): Promise<RunResult> {
  return attempt('docker', ['version', '--format', '{{.Server.Version}}'])
}

async function checkEngine(version: string): Promise<void> {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < minimumEngine[0] || (major === minimumEngine[0] && minor < minimumEngine[1])) {
    throw new SetupError(
      `The Docker Engine is ${version}; these Dockerfiles need ${minimumEngine.join('.')} or newer.`,
      `Upgrade it: ${installPage}`,
    )
  }
  for (const plugin of ['buildx', 'compose']) {
    if ((await attempt('docker', [plugin, 'version'])).code !== 0) {
      throw new SetupError(
        `The docker command has no ${plugin}.`,
        `Install the docker-${plugin}-plugin package: ${installPage}`,
      )
    }
  }
}

async function isDebianFamily(): Promise<boolean> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '')
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release)
}

const settings = {
  // Debian 28.5 still defaults to the graph drivers; attestations, OCI export and zstd need containerd's store.
  features: { 'containerd-snapshotter': true },
  builder: {
    // By default BuildKit drops what it has cached, over and over, while a fifth of the disk is not free.
    gc: { enabled: true, policy: [{ all: true, maxUsedSpace: '60GB', minFreeSpace: '5GB' }] },
    // By default every build of two days is on record, and the tests build many hundred times. With 17,559 records a
    // container took three times as long to run: containerd looks through them all whenever one is removed.
    history: { maxEntries: 50, maxAge: '10m' },
  },
}

/** For dockerd and containerd: with many builds on record, a sixth of what dockerd does is collecting Go's garbage. */
const roomToGrow = { GOGC: '400', GOMEMLIMIT: '1GiB' }

async function installEngine(): Promise<void> {
  if (await readdir(home).catch(() => undefined)) return
  say('engine', 'installing Docker Engine, buildx and compose from Debian packages')
  await installHostPackages(hostPackages)
  for await (const stale of glob(`${home}.part-*`)) await rm(stale, { recursive: true })
  const work = await mkdtemp(`${home}.part-`)
  try {
    const debs = join(work, 'debs')
    await mkdir(debs)
    const index = await fetchIndex([`deb ${debianMirror} testing main`], join(work, 'apt'), 'engine')
    for (const deb of await downloadPackages(index, testingPackages, debs, 'engine')) {
      await run('dpkg-deb', ['-x', deb, join(work, 'root')], 'Check the free disk space.')
    }
    await rename(join(work, 'root'), home)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function startEngine(): Promise<void> {
  say('engine', 'starting dockerd')
  await linkCommands()
  await writeFile(join(home, 'daemon.json'), JSON.stringify(settings, undefined, 2))
  // dockerd gives containerd 15 s, too few for a large database on a disk that has just been attached. The next start
  // finds what this one has read in memory.
  for (let starts = 0; starts < 3; starts++) if (await startDaemon()) return
  const tail = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-3).join('\n  ')
  throw new SetupError(`dockerd did not come up:\n  ${tail}`, `Read ${logFile}, then run this again.`)
}

/** Whether a dockerd that is started now answers. */
async function startDaemon(): Promise<boolean> {
  await removeStalePid()
  const log = await open(logFile, 'a')
  const daemon = spawn(join(home, 'usr/sbin/dockerd'), ['--config-file', join(home, 'daemon.json')], {
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: { ...process.env, ...roomToGrow, PATH: `${home}/usr/bin:${home}/usr/sbin:${process.env.PATH}` },
  })
  let exited = false
  daemon.on('exit', () => {
    exited = true
  })
  daemon.unref()
  await log.close()
  for (let waited = 0; waited < 120_000 && !exited; waited += 250) {
    if ((await askEngine()).code === 0) return true
    await sleep(250, undefined, { signal: interrupt.signal })
  }
  return false
}

/** Puts the engine's commands where `docker` looks for them, next to whatever is there already. */
async function linkCommands(): Promise<void> {
  const plugins = '/usr/local/lib/docker/cli-plugins'
  await mkdir(plugins, { recursive: true })
  const link = (target: string, path: string): Promise<void> =>
    symlink(target, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  for (const plugin of ['docker-buildx', 'docker-compose']) {
    await link(join(home, 'usr/libexec/docker/cli-plugins', plugin), join(plugins, plugin))
  }
  if ((await attempt('docker', ['--version'])).code !== 0) {
    await link(join(home, 'usr/bin/docker'), '/usr/local/bin/docker')
  }
}

/** A killed dockerd leaves its pid behind; when another process has that number now, dockerd refuses to start. */
async function removeStalePid(): Promise<void> {
  const file = '/var/run/docker.pid'
  const pid = (await readFile(file, 'utf8').catch(() => '')).trim()
  if (!pid) return
  const command = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
  if (command.trim() !== 'dockerd') await rm(file, { force: true })
}
