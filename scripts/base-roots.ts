import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { debianMirror } from './apt.ts'
import { recipeOf, recipes, rootRecipe } from './base-recipes.ts'
import { again, makeWorkFolder } from './base-work.ts'
import { type Root, standInLabel } from './bases.ts'
import { run, say } from './process.ts'

/**
 * Makes a Debian root with mmdebstrap and gives it to the engine as a one-layer image.
 * @throws SetupError when the mirror is out of reach or the disk full; nothing half done is left
 */
export async function makeRoot(one: Root): Promise<void> {
  const recipe = await rootRecipe(one)
  if ((await recipeOf(one.image)) === recipe) return
  say('bases', `building the ${one.title}`)
  const temporary = await makeWorkFolder(one.name)
  const tar = join(temporary, 'root.tar')
  const debootstrap = [
    // It mounts /proc, /sys and /dev into the root: in a namespace of its own, not even a kill leaves them mounted here.
    '--mount',
    '--',
    'mmdebstrap',
    '--mode=root',
    '--variant=minbase',
    '--format=tar',
    '--aptopt=Acquire::Languages "none"',
    '--aptopt=Acquire::Retries "3"',
    '--dpkgopt=force-unsafe-io',
    ...(one.slim ? [`--dpkgopt=${recipes}/slim.dpkg`] : []),
    `--include=${one.packages.join(',')}`,
    `--customize-hook=${recipes}/rootfs.sh`,
    'trixie',
    tar,
    `deb ${debianMirror} trixie main`,
    `deb ${debianMirror} trixie-updates main`,
    `deb ${debianMirror}-security trixie-security main`,
  ]
  const changes = [
    'CMD ["bash"]',
    'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    `LABEL ${standInLabel}=${recipe}`,
  ].flatMap((change) => ['--change', change])
  try {
    await run('unshare', debootstrap, again, {
      log: `base-${one.name}`,
      env: { ...process.env, TMPDIR: temporary },
    })
    await run('docker', ['image', 'import', ...changes, tar, one.image], again)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}
