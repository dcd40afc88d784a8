import { posix } from 'node:path'
import type { Budget } from './budget.ts'
import { unknown } from './expand.ts'
import { type Copy, type Mount, readCopy, readRun, readText } from './instructions.ts'
import type { Parsed } from './parse.ts'
import { fingerprint, type Scope } from './scope.ts'

/** Where files come from. */
export type Origin = { context: true } | { stage: number } | { image: string }

/** Files that a step takes from elsewhere. BuildKit compares what is in them, not how they came to be. */
export interface Source {
  origin: Origin
  /** Without slashes around it; empty for all of the origin. Holds {@link unknown} where the text cannot tell. */
  path: string
  wildcards: boolean
}

/** What becomes of copied files. */
export interface Landing {
  /** Absolute; ends in a slash where it must be a folder. */
  destination: string
  exclude: readonly string[]
  parents: boolean
  /** Modes are set, whatever those of the sources are. */
  modes: boolean
  /** `ADD` unpacks archives: what they turn into is not known. */
  unpacks: boolean
}

/** What an instruction runs, and all that its cache key holds, except the step before it and the files it takes. */
export interface Step {
  stage: number
  text: string
  directory: string
  user: string
  shell: string
  /** Fingerprint of the variables that it sees. */
  variables: string
  sources: readonly Source[]
  landing?: Landing
  /** `--link`: it does not build on the step before. */
  linked: boolean
}

/** What reading a step needs to know of its surroundings. */
export interface Surroundings {
  stage: number
  scope: Scope
  /** Fills in the variables of a word; `raw` leaves quotes alone. */
  fill: (word: string, how?: { raw?: boolean }) => string
  /** What `from=` names. */
  origin: (name: string) => Origin
  budget: Budget
  /** It says something else than it does here, nobody knows what. */
  edited: boolean
}

const plain = { directory: '', user: '', shell: '', variables: '', sources: [], linked: false }

/**
 * The step that a `RUN`, `COPY`, `ADD` or `WORKDIR` is; undefined for a `WORKDIR` that is there anyway. `WORKDIR` moves
 * the scope.
 * @throws DockerfileError
 */
export function readStep(instruction: Parsed, surroundings: Surroundings): Step | undefined {
  const step = stepOf(instruction, surroundings)
  return step && surroundings.edited
    ? { ...step, text: unknown, ...(step.landing && { landing: nowhere }) }
    : step
}

/** A landing that is not known. */
const nowhere: Landing = { destination: unknown, exclude: [], parents: false, modes: false, unpacks: true }

function stepOf(instruction: Parsed, surroundings: Surroundings): Step | undefined {
  switch (instruction.keyword) {
    case 'RUN':
      return runStep(instruction, surroundings)
    case 'WORKDIR':
      return workdirStep(instruction, surroundings)
    default:
      return copyStep(instruction, surroundings)
  }
}

function runStep(instruction: Parsed, { stage, scope, fill, origin }: Surroundings): Step {
  const { mounts, exec, command, how } = readRun(instruction)
  const sourceOf = ({ type, from, source }: Mount): Source[] => {
    if (from === undefined && type !== 'bind') return []
    if (type !== 'bind' && type !== 'cache') return []
    return [
      {
        origin: from === undefined ? { context: true } : origin(from),
        path: trimSlashes(fill(source)),
        wildcards: false,
      },
    ]
  }
  return {
    stage,
    text: [exec ? 'exec' : 'shell', command, how, ...mounts.map((mount) => mount.how)].join('\n'),
    directory: scope.directory,
    user: scope.user,
    shell: exec ? '' : scope.shell,
    variables: fingerprint(scope),
    sources: mounts.flatMap(sourceOf),
    linked: false,
  }
}

/** What `ADD` fetches rather than copies. */
export const remote = /^(?:https?|ftp|git|ssh):\/\/|^git@/

function copyStep(instruction: Parsed, { stage, scope, fill, origin, budget }: Surroundings): Step {
  const copy = readCopy(instruction)
  budget.spend(32 * copy.sources.length)
  const unpacks = instruction.keyword === 'ADD'
  const inline = new Map(instruction.heredocs.map((heredoc) => [heredoc.name, heredoc]))
  const from: Origin = copy.from === undefined ? { context: true } : origin(copy.from)
  const sources: Source[] = []
  const said: string[] = []
  for (const word of copy.sources) {
    const heredoc = inline.get(/^\d*<<-?["']?(.*?)["']?$/.exec(word)?.[1] ?? '')
    if (heredoc) {
      said.push(heredoc.name, heredoc.expand ? fill(heredoc.content, { raw: true }) : heredoc.content)
      continue
    }
    const source = fill(word)
    const fetched = unpacks && remote.test(source)
    said.push(fetched ? source : posix.basename(source))
    if (!fetched) sources.push({ origin: from, path: trimSlashes(source), wildcards: true })
  }
  const destination = absolute(fill(copy.destination), scope)
  return {
    ...plain,
    stage,
    text: [instruction.keyword, destination, fill(copy.how), ...said].join('\n'),
    sources,
    landing: landingOf(copy, { destination, unpacks, fill }),
    linked: copy.link,
  }
}

function landingOf(
  copy: Copy,
  { destination, unpacks, fill }: { destination: string; unpacks: boolean; fill: Surroundings['fill'] },
): Landing {
  const folder = destination.endsWith('/') || copy.sources.length > 1
  return {
    destination: folder && !destination.endsWith('/') ? `${destination}/` : destination,
    exclude: copy.exclude.map((pattern) => fill(pattern)),
    parents: copy.parents,
    modes: copy.chmod !== undefined,
    unpacks,
  }
}

function workdirStep(instruction: Parsed, { stage, scope, fill, edited }: Surroundings): Step | undefined {
  const word = edited ? unknown : fill(readText(instruction))
  // A command runs in the directory as it is written here, though the folder that is made is the same.
  scope.directory = word.startsWith('/') ? word : posix.join(scope.directory, word)
  const folder = posix.resolve('/', scope.directory)
  if (folder === '/') return undefined
  const landing = { destination: folder, exclude: [], parents: false, modes: false, unpacks: true }
  return { ...plain, stage, text: `WORKDIR ${folder}`, user: scope.user, landing }
}

const absolute = (path: string, { directory }: Scope): string => {
  if (path.startsWith('/')) return path
  const folder = /(^|\/)\.{0,2}$/.test(path) ? '/' : ''
  return `${posix.join(directory, path).replace(/\/$/, '')}${folder}` || '/'
}

/** A path within its origin: `/a/./b/` and `a/b` are the same. */
const trimSlashes = (path: string): string => {
  const clean = posix.normalize(path.replace(/^\/+/, '') || '.').replace(/\/+$/, '')
  return clean === '.' ? '' : clean.replace(/^(\.\.\/)+/, '')
}
