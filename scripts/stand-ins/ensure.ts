import { availableParallelism } from 'node:os'
import { debianMirror, installHostPackages } from '../apt.ts'
import { attempt, run, SetupError, say } from '../process.ts'
import { type Base, bases, type Download, otherNodes, type Root, roots } from './bases.ts'
import { buildStandIn, growRoot } from './build.ts'
import {
  copyAuthorities,
  type Fetched,
  fetchDebian,
  fetchNpm,
  fetchRelease,
  offerIndex,
} from './downloads.ts'
import { makePuller } from './pull.ts'
import { baseRecipe, findLocal, type Local, recipeOf, rootRecipe } from './recipes.ts'
import { makeRoot, trixie } from './roots.ts'
import { makeSlots } from './slots.ts'
import { removeWork } from './work.ts'

/** Base images on their way. */
export type EnsuredBases = {
  /** By name, in order: settled when the base is there; rejects with a SetupError when it can neither be pulled nor built. */
  bases: Map<string, Promise<void>>
  /** Settled when every base is; rejects with the first failure, in order. */
  done: Promise<void>
}

export type EnsureOptions = {
  /** Builds what is missing, and asks no registry. */
  standIns?: boolean
  /** Base images that are seen to beside those that every set-up sees to. */
  also?: readonly Base[]
  /** Stand-ins but the first `count` in order are built once `until` has settled; what they need is fetched meanwhile. */
  hold?: { count: number; until: Promise<unknown> }
}

/**
 * Sees to every base image: found locally, else pulled, else built as a stand-in under the official name. One that fails
 * stops no other.
 * @param order names of bases, by when they are needed; the rest comes after
 */
export function ensureBases(
  order: readonly string[] = [],
  { standIns = false, also = [], hold }: EnsureOptions = {},
): EnsuredBases {
  const all = [...bases, ...also]
  const unknown = order.find((name) => !all.some((base) => base.name === name))
  if (unknown !== undefined) throw new TypeError(`There is no base image ${unknown}.`)
  const rank = ({ name }: Base): number => (order.includes(name) ? order.indexOf(name) : order.length)
  const wanted = all.toSorted((a, b) => rank(a) - rank(b))

  const present = removeWork().then(() => findPresent(all))
  const pull = makePuller()
  const build = makeBuilder(async (index) => {
    if (hold && index >= hold.count) await hold.until
  })
  const ensured = wanted.map(async (base, index): Promise<void> => {
    const local = (await present).get(base)
    if (local) return requireSame(base.name, local)
    if (!standIns && (await pull(base.name, index))) return
    await build(base, index)
  })
  // Whoever waits for one hears of its failure; nobody has to.
  for (const one of ensured) one.catch(() => undefined)
  const done = Promise.allSettled(ensured).then(async (results) => {
    await removeWork()
    const failed = results.find(({ status }) => status === 'rejected')
    if (failed) throw (failed as PromiseRejectedResult).reason
  })
  done.catch(() => undefined)
  return { bases: new Map(wanted.map((base, index) => [base.name, ensured[index] as Promise<void>])), done }
}

/** Removes every stand-in, and the Debian roots under them. Official images stay. @returns the names removed */
export async function removeStandIns(): Promise<string[]> {
  const removed: string[] = []
  const all = [...bases, ...otherNodes]
  for (const name of [...all.map((base) => base.name), ...roots.map(({ image }) => image)]) {
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

/** Bases that are there: official ones, and stand-ins made from the recipes of today. */
async function findPresent(wanted: readonly Base[]): Promise<Map<Base, Local>> {
  const found = await findLocal(wanted.map(({ name }) => name))
  const present = new Map<Base, Local>()
  for (const base of wanted) {
    const local = found.get(base.name)
    if (local && (local.recipe === '' || local.recipe === (await baseRecipe(base)))) present.set(base, local)
  }
  return present
}

/** Where official images say which version they have. */
const versionVariables: Record<string, string> = {
  node: 'NODE_VERSION',
  python: 'PYTHON_VERSION',
  golang: 'GOLANG_VERSION',
  rust: 'RUST_VERSION',
  nginx: 'NGINX_VERSION',
}

/**
 * Stand-ins are known by their recipe, and may have the version before.
 * @throws SetupError for an image that is not what its name says, such as one tagged by mistake
 */
function requireSame(name: string, { recipe, env }: Local): void {
  const [, repository = '', version = ''] = /^(\w+):([\d.]+)-/.exec(name) ?? []
  const variable = versionVariables[repository]
  if (recipe !== '' || !variable || env.some((each) => each.startsWith(`${variable}=${version}.`))) return
  throw new SetupError(
    `The image ${name} on this machine is another one: it has no ${variable}=${version}.`,
    `Remove it, or give it another name, then run this again: docker image rm ${name}`,
  )
}

/**
 * Makes a function that builds stand-ins. What they share (roots, downloads, indexes) is made once, when the first of them
 * needs it; everything runs side by side, but no more than the machine has processors for, and what is needed first goes first.
 * @param turn settles when what has this rank may be built by the engine
 */
function makeBuilder(turn: (rank: number) => Promise<void>): (base: Base, rank: number) => Promise<void> {
  // One more than processors: each of them waits for the network now and then.
  const slots = makeSlots(availableParallelism() + 1)
  const host = once(requireHost)
  const authorities = once(copyAuthorities)
  const index = once(() => fetchRelease('trixie', trixie))
  const apt = once(async () => offerIndex(await index()))
  const later = once(() => fetchRelease('forky', [`deb ${debianMirror} forky main`]))
  const laterSources = once(() => fetchRelease('forky-sources', [`deb-src ${debianMirror} forky main`]))
  const releases = { trixie: index, forky: later }

  // What comes later is fetched later, so that it does not hold up what comes first.
  const fetching = makeSlots(2)
  const fetchOne = onceFor(
    (download: Download, rank): Promise<Fetched> =>
      fetching(rank, async () =>
        'npm' in download
          ? fetchNpm(download)
          : fetchDebian(download, await releases[download.release](), laterSources),
      ),
  )
  let foreground: Root | undefined
  const root = onceFor(async (one: Root, rank: number): Promise<void> => {
    foreground ??= one
    const background = one !== foreground
    if ((await recipeOf(one.image)) === (await rootRecipe(one))) return
    if ('on' in one) {
      const [, ...fetched] = await Promise.all([root(one.on, rank), authorities(), apt()])
      await turn(rank)
      await slots(rank, async () => {
        say('bases', `building the ${one.title}`)
        await growRoot(one, fetched)
      })
      return
    }
    const packages = await index()
    await slots(rank, async () => {
      say('bases', `building the ${one.title}`)
      await makeRoot(one, packages, background)
    })
  })

  return async (base, rank) => {
    await host()
    const made = [base.root, ...(base.builder ? [base.builder] : [])].map((one) => root(one, rank))
    const fetched = [authorities(), apt(), ...(base.downloads ?? []).map((one) => fetchOne(one, rank))]
    // All of it ends before this fails: nobody removes a folder that something still writes to.
    await Promise.allSettled([...made, ...fetched])
    await Promise.all(made)
    const given = await Promise.all(fetched)
    await turn(rank)
    await slots(rank, async () => {
      say('bases', `building a stand-in for ${base.name}`)
      await buildStandIn(base, given)
    })
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}

function onceFor<K, T>(make: (key: K, rank: number) => Promise<T>): (key: K, rank: number) => Promise<T> {
  const made = new Map<K, Promise<T>>()
  return (key, rank) => {
    const known = made.get(key) ?? make(key, rank)
    made.set(key, known)
    return known
  }
}

async function requireHost(): Promise<void> {
  if (process.getuid?.() !== 0 || (await attempt('apt-get', ['--version'])).code !== 0) {
    throw new SetupError(
      'Stand-ins for the base images can only be built as root on Debian or Ubuntu.',
      'Run this as root there, or give the engine a registry to pull the base images from.',
    )
  }
  await installHostPackages(['mmdebstrap', 'ca-certificates', 'debian-archive-keyring'])
}
