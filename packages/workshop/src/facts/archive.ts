import { posix } from 'node:path'
import { type Contents, contents, finalFiles, type Image } from '@stagecraft/image'
import { execa } from 'execa'
import type { Attempt } from '../attempt.ts'
import { askedIn } from '../conditions.ts'
import type { Of } from '../model.ts'
import { sizeText } from '../text.ts'
import { imageOf } from './build.ts'
import { type Fact, list } from './fact.ts'
import { finalBase } from './text.ts'

/** All that the exercise looks for: what was found in a layer is remembered by it. */
function needlesOf({ exercise }: Attempt): string[] {
  const all = [...exercise.checks, ...exercise.mistakes.flatMap(({ when }) => askedIn(when))]
  return [...new Set(all.flatMap(({ of }) => of?.needle ?? []))]
}

async function read(attempt: Attempt, of: Of): Promise<Image> {
  const image = await imageOf(attempt, of)
  return attempt.once(`archive ${image}`, async () => {
    attempt.say(3, 'reading')
    const { readLocalImage } = await import('@stagecraft/engine')
    const needles = needlesOf(attempt)
    return readLocalImage(image, { signal: attempt.signal, ...(needles.length > 0 && { needles }) })
  })
}

async function contentsOf(attempt: Attempt, of: Of): Promise<Contents> {
  const image = await read(attempt, of)
  return attempt.once(`contents ${image.configDigest}`, async () => contents(image))
}

const which = ['target', 'args', 'change'] as const

const sized = (what: string, pick: (image: Image) => number): Fact => ({
  tier: 3,
  what,
  takes: which,
  bytes: true,
  see: async (attempt, of) => ({ value: pick(await read(attempt, of)) }),
})

/** Layers that the image has beyond its base. */
async function added(attempt: Attempt, of: Of) {
  const { layers } = await read(attempt, of)
  const base = await finalBase(attempt, of.target ?? attempt.exercise.build?.target)
  if (base === 'scratch') return layers
  const { stdout } = await execa('docker', ['image', 'inspect', '--format={{json .RootFS.Layers}}', base])
  return layers.slice((JSON.parse(stdout) as string[]).length)
}

const packageKinds = {
  os: 'osPackages',
  npm: 'npmPackages',
  python: 'pythonPackages',
  go: 'goModules',
  rust: 'rustCrates',
} as const

/** A glob's `*` passes over names that begin with a dot; here they are names like others. */
const shown = (path: string) => path.replaceAll('/.', '/\0')

export const archiveFacts: Record<string, Fact> = {
  'size.disk': sized('The bytes that the image takes on disk.', ({ unpackedBytes }) => unpackedBytes),
  'size.pull': sized('The bytes that a pull transfers.', ({ compressedBytes }) => compressedBytes),
  'size.added': {
    tier: 3,
    what: 'The bytes on disk of the layers beyond those of the base.',
    takes: which,
    bytes: true,
    async see(attempt, of) {
      const own = await added(attempt, of)
      const largest = own.toSorted((a, b) => b.unpackedBytes - a.unpackedBytes)[0]
      return {
        value: own.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0),
        figures: largest
          ? { instruction: createdBy(largest.createdBy), layerSize: sizeText(largest.unpackedBytes) }
          : {},
      }
    },
  },
  'layer-size': {
    tier: 3,
    what: 'The bytes on disk of the layers whose instruction, as the history tells it, matches `instruction`.',
    takes: [...which, 'instruction'],
    bytes: true,
    async see(attempt, of) {
      const { layers } = await read(attempt, of)
      const wanted = new RegExp(of.instruction ?? '')
      const found = layers.filter(({ createdBy }) => wanted.test(createdBy))
      return { value: found.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0) }
    },
  },
  waste: {
    tier: 3,
    what: 'The bytes that layers carry and the image does not have, because a later layer replaces or deletes them.',
    takes: [...which, 'path'],
    bytes: true,
    async see(attempt, of) {
      const { layers } = await read(attempt, of)
      const base = layers.length - (await added(attempt, of)).length
      const { wasted } = await contentsOf(attempt, of)
      // What a base buries in itself is not the learner's.
      const own = wasted.filter(
        ({ by, path }) => by >= base && posix.matchesGlob(shown(path), shown(of.path ?? '**')),
      )
      const [largest] = own
      return {
        value: own.reduce((sum, { bytes }) => sum + bytes, 0),
        figures: largest
          ? {
              path: largest.path,
              layer: createdBy(layers[largest.layer]?.createdBy ?? ''),
              buriedBy: createdBy(layers[largest.by]?.createdBy ?? ''),
            }
          : {},
      }
    },
  },
  found: {
    tier: 3,
    what: 'Where `needle` is: `layer N /path`, `history`, `environment`, `label`.',
    takes: [...which, 'needle'],
    async see(attempt, of) {
      const { needle = '' } = of
      const { layers, config } = await read(attempt, of)
      const value = [
        ...layers.flatMap(({ found }, index) =>
          found.filter((each) => each.needle === needle).map(({ path }) => `layer ${index + 1} ${path}`),
        ),
        ...(config.history.some(({ createdBy }) => createdBy.includes(needle)) ? ['history'] : []),
        ...(config.env.some((each) => each.includes(needle)) ? ['environment'] : []),
        ...(Object.values(config.labels).some((each) => each.includes(needle)) ? ['label'] : []),
      ]
      return { value, figures: { value: list(value) } }
    },
  },
  files: {
    tier: 3,
    what: 'The paths of the files that the image has and that match the glob `path`.',
    takes: [...which, 'path'],
    async see(attempt, of) {
      const { layers, configDigest } = await read(attempt, of)
      const all = await attempt.once(`files ${configDigest}`, async () => finalFiles(layers))
      const value = all.filter((path) => posix.matchesGlob(shown(path), shown(of.path ?? '**')))
      return { value, figures: { value: list(value), files: value.length, path: value[0] ?? of.path ?? '' } }
    },
  },
  owner: {
    tier: 3,
    what: 'The owner of `path` in the image, as `uid:gid`; empty if there is no such path.',
    takes: [...which, 'path'],
    async see(attempt, of) {
      const { layers } = await read(attempt, of)
      const entry = layers.flatMap(({ entries }) => entries).findLast(({ path }) => path === of.path)
      return {
        value: entry && entry.type !== 'whiteout' ? `${entry.uid}:${entry.gid}` : '',
        figures: { path: of.path ?? '' },
      }
    },
  },
  packages: {
    tier: 3,
    what: 'The names of the packages that the image has, of the `kind` `os`, `npm`, `python`, `go` or `rust`.',
    takes: [...which, 'kind'],
    async see(attempt, of) {
      const kind = packageKinds[(of.kind ?? 'npm') as keyof typeof packageKinds]
      const value = (await contentsOf(attempt, of))[kind].map(({ name }) => name)
      return { value, figures: { value: list(value), packages: value.length } }
    },
  },
  tools: {
    tier: 3,
    what: 'The paths of the tools that the image has, of the `kind` `shells`, `packageManagers` or `compilers`.',
    takes: [...which, 'kind'],
    async see(attempt, of) {
      const kind = (of.kind ?? 'shells') as 'shells' | 'packageManagers' | 'compilers'
      const value = (await contentsOf(attempt, of))[kind]
      return { value, figures: { value: list(value) } }
    },
  },
}

/** An instruction as the history tells it, without what BuildKit adds. */
function createdBy(text: string): string {
  return text
    .replace(/^\/bin\/sh -c (#\(nop\) +)?/, '')
    .replace(/^RUN (\|\d+ .*?)?\/bin\/sh -c /, 'RUN ')
    .replace(/ # buildkit$/, '')
    .split('\n')[0]
    ?.slice(0, 100) as string
}
