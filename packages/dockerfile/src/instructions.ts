import { readDelimiter } from './heredocs.ts'
import { errorAt, jsonStrings, type Parsed, shorten, trigger } from './parse.ts'
import { firstSpace, isSpace, splitWords, trimSpace } from './space.ts'

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
  /** No variables are expanded in these. */
  exclude: readonly string[]
  parents: boolean
  link: boolean
  chown: string
  chmod: string
  checksum: string
  /** The other flags that say how, as written. */
  how: string
}

export interface Run {
  /** What each `--mount` says, with variables in it. */
  mounts: readonly string[]
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

const keywords = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
)
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
      if (equals && !/^(true|false)$/i.test(value))
        throw wrong(`--${name} is true or false, not ${shorten(value)}`)
    } else if (!equals) throw wrong(`--${name} needs a value`)
    return { name, value: switches.includes(name) ? (value || 'true').toLowerCase() : value, text }
  })
}

const flagValue = (flags: Flags, name: string): string | undefined =>
  flags.find((flag) => flag.name === name)?.value

export function readFrom(instruction: Parsed): From {
  const platform = flagValue(readFlags(instruction), 'platform')
  const [image, as, name, more] = splitWords(instruction.rest)
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
  const all = jsonStrings(instruction.rest) ?? splitWords(instruction.rest)
  const [destination, ...sources] = all.toReversed()
  if (destination === undefined || sources.length === 0)
    throw errorAt(
      instruction,
      'syntax',
      `${instruction.keyword} takes at least one source, and a destination`,
    )
  if (readDelimiter(destination))
    throw errorAt(instruction, 'syntax', 'A heredoc is no destination', destination)
  const from = flagValue(flags, 'from')
  return {
    ...(from !== undefined && { from }),
    sources: sources.toReversed(),
    destination,
    exclude: flags.filter(({ name }) => name === 'exclude').map(({ value }) => value),
    parents: flagValue(flags, 'parents') === 'true',
    link: flagValue(flags, 'link') === 'true',
    chown: flagValue(flags, 'chown') ?? '',
    chmod: flagValue(flags, 'chmod') ?? '',
    checksum: flagValue(flags, 'checksum') ?? '',
    how: flags
      .filter(({ name }) => !['from', 'chown', 'chmod', 'checksum', 'link', 'parents'].includes(name))
      .map(({ text }) => text)
      .join(' '),
  }
}

const modes: Readonly<Record<string, readonly string[]>> = {
  network: ['default', 'none', 'host'],
  security: ['insecure', 'sandbox'],
}

export function readRun(instruction: Parsed): Run {
  const flags = readFlags(instruction)
  for (const { name, value, text } of flags) {
    const known = modes[name]
    if (known && !known.includes(value))
      throw errorAt(instruction, 'syntax', `--${name} is ${known.join(', ')}, not ${shorten(value)}`, text)
  }
  const exec = jsonStrings(instruction.rest)
  return {
    mounts: flags.filter(({ name }) => name === 'mount').map(({ value }) => value),
    exec: exec !== undefined,
    command: exec ? JSON.stringify(exec) : shellCommand(instruction),
    how: flags
      .filter(({ name, value }) => name !== 'mount' && value !== 'default' && value !== 'sandbox')
      .map(({ text }) => text)
      .join(' '),
  }
}

/**
 * What is run. A heredoc that is all of the command is the command, and its name plays a part only where it is a script
 * of its own, which is run as a file of that name.
 */
function shellCommand({ rest, heredocs }: Parsed): string {
  const [only] = heredocs
  if (only && readDelimiter(rest))
    return only.content.startsWith('#!') ? `${only.name}\n${only.content}` : only.content
  return [rest, ...heredocs.map(({ name, content }) => content + name)].join('\n')
}

/** @param escapeWith the escape character of the Dockerfile */
export function readAssignments(instruction: Parsed, escapeWith: string): Assignment[] {
  const { keyword, rest } = instruction
  if (keyword !== 'ARG') readFlags(instruction)
  const all = quotedWords(rest, escapeWith)
  if (all.length === 0) throw errorAt(instruction, 'syntax', `${keyword} needs at least one name`)
  const old = keyword !== 'ARG' && !all[0]?.includes('=')
  if (old) {
    const [name, space] = [all[0] as string, firstSpace(rest)]
    if (space < 0)
      throw errorAt(
        instruction,
        'syntax',
        `${keyword} needs a value for ${shorten(name)}: ${shorten(name)}=…`,
      )
    return [[rest.slice(0, space), trimSpace(rest.slice(space))]]
  }
  return all.map((word): Assignment => {
    const equals = word.indexOf('=')
    const name = equals < 0 ? word : word.slice(0, equals)
    if (name === '' || (equals < 0 && keyword !== 'ARG'))
      throw errorAt(instruction, 'syntax', `${shorten(word)} is not name=value`, word)
    return [name, equals < 0 ? undefined : word.slice(equals + 1)]
  })
}

/**
 * Words parted by space that is neither quoted nor escaped, their quotes and escapes still on.
 * @see https://github.com/moby/buildkit/blob/v0.25.0/frontend/dockerfile/parser/line_parsers.go parseWords
 */
function quotedWords(text: string, escapeWith: string): string[] {
  const words: string[] = []
  let word = ''
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string
    if (char === escapeWith && quote !== "'") {
      // One that ends the text is nothing.
      if (at + 1 < text.length) word += char + text[++at]
    } else if (quote || !isSpace(char)) {
      if (quote) quote = char === quote ? '' : quote
      else if (char === '"' || char === "'") quote = char
      word += char
    } else if (word) {
      words.push(word)
      word = ''
    }
  }
  if (word) words.push(word)
  return words
}

/** The one word or text that `WORKDIR`, `USER` and their like take. */
export function readText(instruction: Parsed): string {
  readFlags(instruction)
  if (instruction.rest === '') throw errorAt(instruction, 'syntax', `${instruction.keyword} needs a value`)
  return instruction.rest
}

/**
 * What is wrong with an instruction that runs nothing, whatever its variables hold.
 * @throws DockerfileError `syntax`
 */
export function checkPlain(instruction: Parsed, escapeWith: string): void {
  const { keyword, rest } = instruction
  const wrong = (message: string, token?: string) => errorAt(instruction, 'syntax', message, token)
  if (!keywords.has(keyword)) throw wrong(`There is no instruction ${shorten(keyword)}`)
  if (keyword === 'HEALTHCHECK') checkHealthcheck(instruction)
  if (keyword === 'LABEL') readAssignments(instruction, escapeWith)
  if (keyword === 'HEALTHCHECK' || keyword === 'LABEL') return
  // BuildKit takes no notice of flags there.
  if (keyword !== 'STOPSIGNAL') readFlags(instruction)
  if (keyword === 'SHELL' && !jsonStrings(rest)?.length)
    throw wrong('SHELL takes a JSON array: SHELL ["/bin/sh", "-c"]')
  if (keyword === 'ONBUILD' && ['', 'FROM', 'ONBUILD', 'MAINTAINER'].includes(trigger(rest)))
    throw wrong('ONBUILD takes an instruction other than FROM, ONBUILD and MAINTAINER')
  if (!['EXPOSE', 'MAINTAINER', 'STOPSIGNAL', 'VOLUME'].includes(keyword)) return
  if (rest === '') throw wrong(`${keyword} needs a value`)
  const volumes = jsonStrings(rest) ?? [rest]
  if (keyword === 'VOLUME' && (volumes.length === 0 || volumes.some((each) => trimSpace(each) === '')))
    throw wrong('A volume has a path')
}

function checkHealthcheck(instruction: Parsed): void {
  const [, kind = '', command = ''] = /^(\S*)\s*([\s\S]*)$/.exec(instruction.rest) ?? []
  const isNone = kind.toUpperCase() === 'NONE'
  if (
    isNone
      ? command !== ''
      : kind.toUpperCase() !== 'CMD' || command === '' || jsonStrings(command)?.length === 0
  )
    throw errorAt(instruction, 'syntax', 'HEALTHCHECK is followed by CMD and a command, or by NONE')
  if (isNone) return
  for (const { name, value, text } of readFlags(instruction)) {
    const isRight = name === 'retries' ? /^\+?\d{1,9}$/.test(value) : isDuration(value)
    if (value !== '' && !isRight)
      throw errorAt(
        instruction,
        'syntax',
        name === 'retries'
          ? `--retries is a number, not ${shorten(value)}`
          : `--${name} is a duration from 1ms on, as 30s or 1m30s, not ${shorten(value)}`,
        text,
      )
  }
}

const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

/** @see https://pkg.go.dev/time#ParseDuration */
function isDuration(text: string): boolean {
  if (/^[-+]?0$/.test(text)) return true
  if (!/^\+?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text))
    return /^-(?:0(?:\.0*)?(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text)
  const parts = text.matchAll(/([\d.]+)(\D+?)(?=[\d.]|$)/g)
  const milliseconds = [...parts].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (units[unit] ?? 0),
    0,
  )
  return milliseconds === 0 || milliseconds >= 1
}
