import { installHostPackages } from './apt.ts'
import { copyAuthorities, type Fetched, fetchDownload } from './base-downloads.ts'
import { baseRecipe, recipeOf } from './base-recipes.ts'
import { makeRoot } from './base-roots.ts'
import { buildStandIn } from './base-stand-ins.ts'
import { removeWork } from './base-work.ts'
import { type Base, bases, type Download, type Root, roots } from './bases.ts'
import { attempt, run, SetupError, say } from './process.ts'

/**
 * Sees to every base image: found locally, else pulled, else built as a stand-in under the official name.
 * @throws SetupError when a base can neither be pulled nor built
 */
export async function ensureBases(): Promise<void> {
  const missing: Base[] = []
  for (const base of bases) {
    const found = await recipeOf(base.name)
    if (found !== '' && found !== (await baseRecipe(base))) missing.push(base)
  }
  const unreachable: Base[] = []
  for (const base of missing) if (!(await pull(base.name))) unreachable.push(base)
  if (unreachable.length === 0) return

  await requireBuilder(unreachable)
  const authorities = await copyAuthorities()
  const fetched = new Map<Download | undefined, Promise<Fetched>>()
  for (const { download } of unreachable) {
    if (download && !fetched.has(download)) fetched.set(download, fetchDownload(download))
  }
  const made = new Map<Root, Promise<void>>()
  for (const { root, builder = root } of unreachable) {
    for (const one of [root, builder]) if (!made.has(one)) made.set(one, makeRoot(one))
  }
  await Promise.all([
    // Listed here as well, so that a failure ends the run at once and not when its turn comes.
    ...fetched.values(),
    ...made.values(),
    ...roots.map(async (one) => {
      for (const base of unreachable.filter(({ root }) => root === one)) {
        await made.get(one)
        await made.get(base.builder ?? one)
        const download = await fetched.get(base.download)
        await buildStandIn(base, download ? [authorities, download] : [authorities])
      }
    }),
  ])
  await removeWork()
}

/** Removes every stand-in, and the Debian roots under them. Official images stay. @returns the names removed */
export async function removeStandIns(): Promise<string[]> {
  const removed: string[] = []
  for (const name of [...bases.map((base) => base.name), ...roots.map(({ image }) => image)]) {
    if (!(await recipeOf(name))) continue
    await run(
      'docker',
      ['image', 'rm', '--force', name],
      'Stop the containers that use it, then run this again.',
    )
    removed.push(name)
  }
  return removed
}

async function pull(name: string): Promise<boolean> {
  // An unreachable registry fails at once or says nothing at all; a slow one keeps talking.
  const { code } = await attempt('docker', ['pull', name], { silenceMs: 30_000, log: 'pull' })
  if (code === 0) say('bases', `pulled ${name}`)
  return code === 0
}

async function requireBuilder(wanted: Base[]): Promise<void> {
  const names = wanted.map(({ name }) => name).join(', ')
  const next = `Give the engine a way to pull ${names}, or run this as root on Debian or Ubuntu.`
  if (process.getuid?.() !== 0 || (await attempt('apt-get', ['--version'])).code !== 0) {
    throw new SetupError(
      'No registry in reach, and stand-ins for the base images can only be built as root.',
      next,
    )
  }
  await installHostPackages(['mmdebstrap', 'ca-certificates', 'debian-archive-keyring'])
}
