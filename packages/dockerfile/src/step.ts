import { posix } from 'node:path'
import type { Budget } from './budget.ts'
import { isUnknown, unknown } from './expand.ts'
import { readDelimiter } from './heredocs.ts'
import { type Copy, readCopy, readRun, readText } from './instructions.ts'
import { mountFrom, readMount } from './mount.ts'
import { errorAt, type Parsed, shorten } from './parse.ts'
import { trimEnd } from './paths.ts'
import type { Scope, Setting } from './scope.ts'

/** Where files come from. */
export type Origin = { context: true } | { stage: number } | { image: string } | { scratch: true }

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
  /** The variables that it sees. */
  variables: Setting | undefined
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
  /** The build argument SOURCE_DATE_EPOCH, which is the time of the folders that are made. */
  epoch: string | undefined
  /** It says something else than it does here, nobody knows what. */
  edited: boolean
}

const plain = { directory: '', user: '', shell: '', variables: undefined, sources: [], linked: false }

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

function runStep(instruction: Parsed, { stage, scope, fill, origin, budget }: Surroundings): Step {
  const { mounts, exec, command, how } = readRun(instruction)
  if (command === '[]') throw errorAt(instruction, 'syntax', 'RUN in exec form needs a command')
  const sources: Source[] = []
  const said = mounts.map((text) => {
    budget.spend(16 + (scope.directory.length >> 2))
    const { type, source, target, how } = readMount(instruction, text, fill)
    const from = mountFrom(instruction, text)
    if (type === 'bind' || type === 'tmpfs' || type === 'cache') {
      const folder = target.startsWith('/') ? target : posix.join(scope.directory, target)
      if (folder === '/')
        throw errorAt(
          instruction,
          'syntax',
          `This ${shorten(type)} mount would hide everything: its target is /`,
          text,
        )
      // BuildKit takes an unnamed cache by its target.
      if (type === 'bind' || (type === 'cache' && from !== undefined))
        sources.push({
          origin: from === undefined ? { context: true } : origin(from),
          path: inOrigin(source),
          wildcards: false,
        })
      return `${how},target=${folder}`
    }
    return [how, source, target].join()
  })
  return {
    stage,
    text: [exec ? 'exec' : 'shell', command, how, ...said].join('\n'),
    directory: scope.directory,
    user: scope.user,
    shell: exec ? '' : scope.shell,
    variables: scope.last,
    sources,
    linked: false,
  }
}

/** What `ADD` fetches rather than copies. */
export const remote = /^(?:https?|ftp|git|ssh):\/\/|^git@/

function copyStep(instruction: Parsed, { stage, scope, fill, origin, budget }: Surroundings): Step {
  const copy = readCopy(instruction)
  budget.spend(32 * copy.sources.length)
  const unpacks = instruction.keyword === 'ADD'
  const [chown, chmod, checksum] = [
    fill(copy.chown),
    modeOf(instruction, fill(copy.chmod)),
    fill(copy.checksum),
  ]
  const inline = new Map(instruction.heredocs.map((heredoc) => [heredoc.name, heredoc]))
  const from: Origin = copy.from === undefined ? { context: true } : origin(copy.from)
  const sources: Source[] = []
  const said: string[] = []
  for (const word of copy.sources) {
    const heredoc = inline.get(readDelimiter(word)?.name ?? '')
    if (heredoc) {
      said.push(heredoc.name, heredoc.expand ? fill(heredoc.content, { raw: true }) : heredoc.content)
      continue
    }
    const source = fill(word)
    const fetched = remote.test(source)
    if (fetched && !unpacks)
      throw errorAt(
        instruction,
        'syntax',
        `COPY takes files of the build context or a stage: ADD ${shorten(source)}`,
        word,
      )
    said.push(fetched ? source : posix.basename(source))
    if (!fetched) sources.push({ origin: from, path: inOrigin(source), wildcards: true })
  }
  if (checksum && (copy.sources.length > 1 || sources.length > 0))
    throw errorAt(instruction, 'syntax', '--checksum is for one source that is fetched', '--checksum')
  budget.spend(scope.directory.length >> 2)
  const destination = absolute(fill(copy.destination), scope)
  return {
    ...plain,
    stage,
    text: [
      instruction.keyword,
      destination,
      chown,
      chmod,
      checksum,
      copy.how,
      copy.link,
      copy.parents,
      ...said,
    ].join('\n'),
    sources,
    landing: landingOf(copy, { destination, unpacks, modes: chmod !== '' }),
    // Modes that are set are set in the stage itself.
    linked: copy.link && chmod === '',
  }
}

/** The mode that `--chmod` sets, octal ones without leading zeros. @throws DockerfileError `syntax` */
function modeOf(instruction: Parsed, text: string): string {
  if (text === '' || isUnknown(text)) return text
  if (/^[0-7]+$/.test(text) && Number.parseInt(text, 8) <= 0o7777) return Number.parseInt(text, 8).toString(8)
  if (/^(?:[ugoa]*(?:[-+=](?:[rwxXst]+|[ugo])?)+(?:,|$))+$/.test(text) && !text.endsWith(',')) return text
  throw errorAt(
    instruction,
    'syntax',
    `--chmod is octal, from 0 to 7777, or as u=rwX,go=rX, not ${shorten(text)}`,
    '--chmod',
  )
}

function landingOf(
  copy: Copy,
  { destination, unpacks, modes }: { destination: string; unpacks: boolean; modes: boolean },
): Landing {
  const folder = destination.endsWith('/') || copy.sources.length > 1
  return {
    destination: folder && !destination.endsWith('/') ? `${destination}/` : destination,
    exclude: copy.exclude,
    parents: copy.parents,
    modes,
    unpacks,
  }
}

function workdirStep(
  instruction: Parsed,
  { stage, scope, fill, budget, epoch, edited }: Surroundings,
): Step | undefined {
  const word = edited ? unknown : fill(readText(instruction))
  // A command runs in the directory as it is written here, though the folder that is made is the same.
  scope.directory = word.startsWith('/') ? word : posix.join(scope.directory, word)
  // Relative ones grow.
  budget.spend(scope.directory.length)
  const folder = posix.resolve('/', scope.directory)
  if (folder === '/') return undefined
  const landing = { destination: folder, exclude: [], parents: false, modes: false, unpacks: true }
  return { ...plain, stage, text: `WORKDIR ${folder} ${epoch ?? ''}`, user: scope.user, landing }
}

const absolute = (path: string, { directory }: Scope): string => {
  const folder = /(^|\/)\.{0,2}$/.test(path) ? '/' : ''
  const whole = path.startsWith('/') ? posix.normalize(path) : posix.join(directory, path)
  return `${trimEnd(whole)}${folder}` || '/'
}

/** A path within its origin, which nothing leads out of: `/a/./b/`, `../a/b` and `a/b` are the same. */
const inOrigin = (path: string): string => trimEnd(posix.normalize(`/${path}`)).slice(1)
