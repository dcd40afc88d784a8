import { errorAt, jsonStrings, type Parsed, shorten } from './parse.ts'

/** `FROM [--platform=…] image [AS name]` */
export interface From {
  image: string
  name?: string
  platform?: string
}

/** `COPY` and `ADD`. Words are as written: variables in them are not expanded. */
export interface Copy {
  from?: string
  sources: readonly string[]
  destination: string
  exclude: readonly string[]
  parents: boolean
  /** The files are a layer of their own, which what came before has no say in. */
  link: boolean
  /** `--chmod`: the modes of the sources do not reach the image. */
  chmod?: string
  /** The flags that say how and not what, as written. */
  how: string
}

/** One `--mount` of a `RUN`. */
export interface Mount {
  type: string
  from?: string
  source: string
  /** All it says, but where its files come from. */
  how: string
}

export interface Run {
  mounts: readonly Mount[]
  /** In exec form, the words as JSON: the shell plays no part. */
  exec: boolean
  command: string
  /** `--network` and the like, as written. */
  how: string
}

/** A name and the word that it is given; no word where `ARG` only declares it. */
export type Assignment = [name: string, word: string | undefined]

const flagsOf: Record<string, readonly string[]> = {
  ADD: ['keep-git-dir', 'checksum', 'chown', 'chmod', 'link', 'exclude', 'unpack'],
  COPY: ['from', 'chown', 'chmod', 'link', 'parents', 'exclude'],
  FROM: ['platform'],
  HEALTHCHECK: ['interval', 'timeout', 'start-period', 'start-interval', 'retries'],
  RUN: ['mount', 'network', 'security', 'device'],
}
const switches = ['keep-git-dir', 'link', 'parents', 'unpack']
const repeated = ['exclude', 'mount', 'device']

const mountTypes = ['bind', 'cache', 'tmpfs', 'secret', 'ssh']
const mountKeys: Record<string, string> = {
  ...Object.fromEntries(
    'type from source target id sharing size mode uid gid env required readonly readwrite'
      .split(' ')
      .map((key) => [key, key]),
  ),
  src: 'source',
  dst: 'target',
  destination: 'target',
  ro: 'readonly',
  rw: 'readwrite',
}

type Flags = { name: string; value: string; text: string }[]

/** @throws DockerfileError `syntax` for a flag that the instruction does not have */
function readFlags(instruction: Parsed): Flags {
  const known = flagsOf[instruction.keyword] ?? []
  const seen = new Set<string>()
  return instruction.flags.map((text) => {
    const [, name = '', equals, value = ''] = /^--([^=]*)(=)?([\s\S]*)$/.exec(text) ?? []
    const wrong = (message: string) => errorAt(instruction, 'syntax', message, `--${name}`)
    if (!known.includes(name)) {
      const has = known.length > 0 ? `It has ${known.map((each) => `--${each}`).join(', ')}` : 'It has none'
      throw wrong(`${instruction.keyword} has no flag --${shorten(name)}. ${has}`)
    }
    if (seen.has(name) && !repeated.includes(name)) throw wrong(`--${name} is there twice`)
    seen.add(name)
    if (switches.includes(name)) {
      if (equals && value !== 'true' && value !== 'false')
        throw wrong(`--${name} is true or false, not ${shorten(value)}`)
    } else if (!equals) throw wrong(`--${name} needs a value`)
    return { name, value: switches.includes(name) && !equals ? 'true' : value, text }
  })
}

const flagValue = (flags: Flags, name: string): string | undefined =>
  flags.find((flag) => flag.name === name)?.value

const words = (rest: string): string[] => rest.split(/\s+/).filter(Boolean)

export function readFrom(instruction: Parsed): From {
  const platform = flagValue(readFlags(instruction), 'platform')
  const [image, as, name, more] = words(instruction.rest)
  if (!image || more !== undefined || (as !== undefined && (as.toLowerCase() !== 'as' || !name)))
    throw errorAt(instruction, 'syntax', 'FROM takes an image, or an image, AS and a name for the stage')
  if (name && !/^[a-z][a-z0-9-_.]*$/i.test(name))
    throw errorAt(
      instruction,
      'syntax',
      `${shorten(name)} is no name for a stage: it begins with a letter and has letters, digits, "-", "_" and "."`,
      name,
    )
  return { image, ...(name && { name: name.toLowerCase() }), ...(platform !== undefined && { platform }) }
}

export function readCopy(instruction: Parsed): Copy {
  const flags = readFlags(instruction)
  const all = jsonStrings(instruction.rest) ?? words(instruction.rest)
  const [destination, ...sources] = all.toReversed()
  if (destination === undefined || sources.length === 0)
    throw errorAt(
      instruction,
      'syntax',
      `${instruction.keyword} takes at least one source, and a destination`,
    )
  const from = flagValue(flags, 'from')
  const chmod = flagValue(flags, 'chmod')
  return {
    ...(from !== undefined && { from }),
    ...(chmod !== undefined && { chmod }),
    sources: sources.toReversed(),
    destination,
    exclude: flags.filter(({ name }) => name === 'exclude').map(({ value }) => value),
    parents: flagValue(flags, 'parents') === 'true',
    link: flagValue(flags, 'link') === 'true',
    how: flags
      .filter(({ name }) => name !== 'from')
      .map(({ text }) => text)
      .join(' '),
  }
}

export function readRun(instruction: Parsed): Run {
  const flags = readFlags(instruction)
  const exec = jsonStrings(instruction.rest)
  return {
    mounts: flags.filter(({ name }) => name === 'mount').map(({ value }) => readMount(instruction, value)),
    exec: exec !== undefined,
    command: exec ? JSON.stringify(exec) : shellCommand(instruction),
    how: flags
      .filter(({ name }) => name !== 'mount')
      .map(({ text }) => text)
      .join(' '),
  }
}

/** What the shell gets. A heredoc that is all of the command is the command: its delimiter's name is not. */
function shellCommand({ rest, heredocs }: Parsed): string {
  const [only] = heredocs
  if (only && heredocs.length === 1 && /^\d*<<\S+$/.test(rest)) return only.content
  return [rest, ...heredocs.map(({ name, content }) => content + name)].join('\n')
}

function readMount(instruction: Parsed, text: string): Mount {
  const mount: Record<string, string> = { type: 'bind' }
  const how: string[] = []
  for (const field of text.split(',')) {
    const [, name = '', value = ''] = /^\s*([^=]*)=?([\s\S]*)$/.exec(field) ?? []
    const key = mountKeys[name.toLowerCase()]
    if (!key) throw errorAt(instruction, 'syntax', `A mount has no ${shorten(name) || 'empty'} option`, field)
    mount[key] = value
    if (key !== 'from' && key !== 'source') how.push(`${key}=${value}`)
  }
  const { type = 'bind', from, source = '', target } = mount
  if (!mountTypes.includes(type))
    throw errorAt(
      instruction,
      'syntax',
      `There is no mount of type ${shorten(type)}. There are ${mountTypes.join(', ')}`,
      type,
    )
  if (target === undefined && type !== 'secret' && type !== 'ssh')
    throw errorAt(instruction, 'syntax', `This ${type} mount needs a target`, text)
  return {
    type,
    source,
    ...(from && { from }),
    how: how.toSorted().join(','),
  }
}

export function readAssignments(instruction: Parsed): Assignment[] {
  const { keyword, rest } = instruction
  const all = splitWords(rest)
  if (all.length === 0) throw errorAt(instruction, 'syntax', `${keyword} needs at least one name`)
  const old = keyword !== 'ARG' && !all[0]?.includes('=')
  if (old) {
    const [name, space] = [all[0] as string, rest.search(/\s/)]
    if (space < 0)
      throw errorAt(
        instruction,
        'syntax',
        `${keyword} needs a value for ${shorten(name)}: ${shorten(name)}=…`,
      )
    return [[name, rest.slice(space).trim()]]
  }
  return all.map((word): Assignment => {
    const equals = word.indexOf('=')
    const name = equals < 0 ? word : word.slice(0, equals)
    if (name === '' || (equals < 0 && keyword !== 'ARG'))
      throw errorAt(instruction, 'syntax', `${shorten(word)} is not name=value`, word)
    return [name, equals < 0 ? undefined : word.slice(equals + 1)]
  })
}

/** Words parted by space that is neither quoted nor escaped, their quotes still on. */
const splitWords = (rest: string): string[] =>
  rest.match(/(?:\\[\s\S]|"(?:\\[\s\S]|[^"\\])*"|'[^']*'|[^\s"'\\]|["'\\])+/g) ?? []

/** The one word or text that `WORKDIR`, `USER` and their like take. */
export function readText(instruction: Parsed): string {
  readFlags(instruction)
  if (instruction.rest === '') throw errorAt(instruction, 'syntax', `${instruction.keyword} needs a value`)
  return instruction.rest
}

/** What is wrong with an instruction that runs nothing and is remembered for nothing. */
export function checkPlain(instruction: Parsed): void {
  const { keyword, rest } = instruction
  readFlags(instruction)
  if (keyword === 'SHELL' && !jsonStrings(rest)?.length)
    throw errorAt(instruction, 'syntax', 'SHELL takes a JSON array: SHELL ["/bin/sh", "-c"]')
  if (keyword === 'LABEL') readAssignments(instruction)
  if (keyword === 'HEALTHCHECK' && !/^(NONE$|CMD(\s|$))/i.test(rest))
    throw errorAt(instruction, 'syntax', 'HEALTHCHECK is followed by CMD and a command, or by NONE')
  if (keyword === 'ONBUILD') {
    const [trigger = ''] = rest.split(/\s/)
    if (['', 'FROM', 'ONBUILD', 'MAINTAINER'].includes(trigger.toUpperCase()))
      throw errorAt(
        instruction,
        'syntax',
        `ONBUILD takes an instruction other than FROM, ONBUILD and MAINTAINER`,
      )
  }
  if (['EXPOSE', 'MAINTAINER', 'STOPSIGNAL', 'VOLUME'].includes(keyword) && rest === '')
    throw errorAt(instruction, 'syntax', `${keyword} needs a value`)
}
