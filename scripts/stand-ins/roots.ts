import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { standInLabel } from '../../packages/engine/src/labels.ts'
import { debianMirror, type PackageIndex } from '../apt.ts'
import { run } from '../process.ts'
import { type Layer, writeLayer, writeLayout } from './archive.ts'
import type { Root } from './bases.ts'
import { recipes, rootRecipe } from './recipes.ts'
import { again, makeWorkFolder } from './work.ts'

/** Where trixie's packages come from, as lines of a sources.list. */
export const trixie = [
  `deb ${debianMirror} trixie main`,
  `deb ${debianMirror} trixie-updates main`,
  `deb ${debianMirror}-security trixie-security main`,
]

/**
 * Makes a Debian root with mmdebstrap, in memory where there is room, and gives it to the engine as a one-layer image.
 * @param index of trixie
 * @param background lets everything else on the machine go first
 * @throws SetupError when the mirror is out of reach or the disk full; nothing half done is left
 */
export async function makeRoot(
  one: Exclude<Root, { on: Root }>,
  index: PackageIndex,
  background: boolean,
): Promise<void> {
  const folder = await makeWorkFolder(one.name)
  const debootstrap = [
    'mmdebstrap',
    '--mode=root',
    '--variant=minbase',
    '--format=tar',
    '--aptopt=Acquire::Languages "none"',
    '--aptopt=Acquire::Retries "3"',
    '--dpkgopt=force-unsafe-io',
    ...(one.slim ? [`--dpkgopt=${recipes}/slim.dpkg`] : []),
    `--include=${one.packages.join(',')}`,
    // The index is here already.
    '--skip=update',
    '--setup-hook=cp -R "$LISTS/." "$1/var/lib/apt/lists/"',
    `--customize-hook=${recipes}/rootfs.sh`,
    'trixie',
    '-',
    ...trixie,
  ]
  const inMemory = (await freeMegabytes()) > 2 * one.megabytes
  const mount = inMemory ? 'mount -t tmpfs -o mode=755 none "$TMPDIR" && ' : ''
  const [command = '', ...args] = [
    ...(background ? ['nice', '-n', '19'] : []),
    // It mounts /proc, /sys and /dev into the root: in namespaces of its own, which end with this process, not even a kill
    // leaves anything mounted or running here.
    ...['setpriv', '--pdeathsig', 'KILL'],
    ...['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc'],
    // In the end it hangs up on its process group, which in a new namespace of processes would be the one outside.
    ...['sh', '-c', `${mount}setsid --wait "$@"`, 'sh'],
    ...debootstrap,
  ]
  const archive = join(folder, 'archive')
  let layer: Layer | undefined
  try {
    await run(command, args, again, {
      log: `base-${one.name}`,
      env: { ...process.env, TMPDIR: folder, LISTS: join(index.folder, 'lists') },
      // unshare ignores SIGTERM.
      killSignal: 'SIGKILL',
      consume: async (tar) => {
        layer = await writeLayer(tar, archive)
      },
    })
    await writeLayout(archive, layer as Layer, one.image, {
      Cmd: ['bash'],
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      Labels: { [standInLabel]: await rootRecipe(one) },
    })
    await run('sh', ['-c', 'tar -C "$1" -c . | docker load', 'sh', archive], again)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function freeMegabytes(): Promise<number> {
  const [, kilobytes = 0] = /^MemAvailable: +(\d+)/m.exec(await readFile('/proc/meminfo', 'utf8')) ?? []
  return Number(kilobytes) / 1024
}
