import { bake, readLocalImages, standInLabel } from '@stagecraft/engine'
import { contents, type Image } from '@stagecraft/image'
import { markdownTable } from 'markdown-table'
import { megabytes, number } from './units.ts'

const rungs = ['full', 'slim', 'distroless', 'scratch'] as const

/** One product of each language on every base that it runs on, largest first. */
const ladder: readonly { language: string; on: Partial<Record<(typeof rungs)[number], string>> }[] = [
  {
    language: 'Node',
    on: {
      full: 'stagecraft-ladder/express-api:full',
      slim: 'stagecraft/express-api:prod',
      distroless: 'stagecraft/express-api:distroless',
    },
  },
  {
    language: 'Python',
    on: {
      full: 'stagecraft-ladder/flask-hello:full',
      slim: 'stagecraft/flask-hello:prod',
      distroless: 'stagecraft/flask-hello:distroless',
    },
  },
  {
    language: 'Go',
    on: {
      full: 'stagecraft-ladder/go-hello:full',
      distroless: 'stagecraft/go-hello:prod',
      scratch: 'stagecraft/go-hello:scratch',
    },
  },
  {
    language: 'Rust',
    on: {
      full: 'stagecraft-ladder/rust-hello:full',
      slim: 'stagecraft-ladder/rust-hello:slim',
      distroless: 'stagecraft/rust-hello:prod',
      scratch: 'stagecraft/rust-hello:scratch',
    },
  },
]

/** What widely copied workshop notes say that going from one stage to several saves, in MB or percent. */
const promises: readonly { what: string; noted: string; percent: number; from: string; to: string }[] = [
  {
    what: 'Flask, full base to slim',
    noted: '900 to 150 MB',
    percent: 83.3,
    from: 'stagecraft/flask-hello:single',
    to: 'stagecraft/flask-hello:prod',
  },
  {
    what: 'FastAPI, slim base with gcc left in to slim',
    noted: '354 to 170 MB',
    percent: 52,
    from: 'stagecraft-ladder/fastapi-hello:gcc',
    to: 'stagecraft/fastapi-hello:prod',
  },
  {
    what: 'Go, full base to scratch',
    noted: '90 to 95 %',
    percent: 95,
    from: 'stagecraft/go-hello:single',
    to: 'stagecraft/go-hello:scratch',
  },
]

const steps = ladder.flatMap(({ language, on }) =>
  rungs.flatMap((base) => (on[base] ? [{ language, base, image: on[base] }] : [])),
)

const images = [
  ...new Set([...steps.map(({ image }) => image), ...promises.flatMap(({ from, to }) => [from, to])]),
]

/** Those that the bake group `ladder` builds. The others are in `all`. */
export const ladderImages: readonly string[] = images.filter((name) => name.startsWith('stagecraft-ladder/'))

/** A row of either table: what is shown, and the bytes unpacked that its figures come from. */
export interface Ladder {
  rungs: { language: string; base: string; image: string; facts: Image }[]
  promises: { what: string; noted: string; percent: number; from: Image; to: Image }[]
}

/**
 * Builds the images of the ladder and reads them.
 * @param root absolute path of the repository
 * @throws Error when one cannot be built or read
 */
export async function measureLadder(root: string, signal?: AbortSignal): Promise<Ladder> {
  const others = images.filter((name) => !ladderImages.includes(name))
  const targets = others.map((name) => name.slice('stagecraft/'.length).replace(':', '-'))
  await bake(root, ['ladder', ...targets], signal ? { signal } : {})
  const read = await readLocalImages(images, { signal })
  const factsOf = (name: string) => read[images.indexOf(name)] as Image
  return {
    rungs: steps.map((step) => ({ ...step, facts: factsOf(step.image) })),
    promises: promises.map((each) => ({ ...each, from: factsOf(each.from), to: factsOf(each.to) })),
  }
}

/** Percent of the unpacked bytes that are saved. */
export const saved = ({ from, to }: { from: Image; to: Image }): number =>
  100 * (1 - to.unpackedBytes / from.unpackedBytes)

/** Both tables, as GitHub-flavoured Markdown. */
export function renderLadder({ rungs, promises }: Ladder): string {
  const bases = rungs.map(({ language, base, image, facts }) => {
    const { osPackages, shells, packageManagers, compilers } = contents(facts)
    const tools = shells.length + packageManagers.length + compilers.length
    const sizes = [facts.compressedBytes, facts.unpackedBytes].map(megabytes)
    const mark = standInLabel in facts.config.labels ? '\\*' : ''
    return [language, base, `\`${image}\`${mark}`, ...sizes, String(osPackages.length), String(tools)]
  })
  const notes = promises.map(({ what, noted, percent, from, to }) => [
    what,
    noted,
    `${number.format(percent)} %`,
    `${megabytes(from.unpackedBytes)} to ${megabytes(to.unpackedBytes)} MB`,
    `${number.format(saved({ from, to }))} %`,
  ])
  return [
    markdownTable([['Language', 'Base', 'Image', 'Pull MB', 'Disk MB', 'OS', 'Tools'], ...bases], {
      align: ['l', 'l', 'l', 'r', 'r', 'r', 'r'],
    }),
    'Pull is compressed, disk is unpacked. \\* is measured on a local stand-in, not on the official base image. OS counts the packages of the system; tools counts shells, package managers and compilers.',
    markdownTable([['What', 'In the notes', 'Saved there', 'Here', 'Saved here'], ...notes], {
      align: ['l', 'r', 'r', 'r', 'r'],
    }),
  ].join('\n\n')
}
