import { DockerfileError, type DockerfileErrorCode, type Place } from './errors.ts'
import { type Delimiter, heredocDelimiters } from './heredocs.ts'
import { endWithout, firstSpace, isSpace, trimSpace, trimSpaceStart } from './space.ts'

/** An instruction of a Dockerfile, its continuation lines joined and its comments gone. */
export interface Parsed {
  /** In capitals. */
  keyword: string
  /** As `--from=build`, in their order. */
  flags: readonly string[]
  /** What follows the flags, without surrounding space. */
  rest: string
  heredocs: readonly Heredoc[]
  /** First and last line, counted from 1. */
  line: number
  endLine: number
  /** All its lines, as written. */
  text: string
}

interface Heredoc extends Pick<Delimiter, 'name' | 'expand'> {
  /** Each line with its end; leading tabs are gone where the delimiter asks for that. */
  content: string
}

// Bytes. With its line end, 64 KiB.
const maxLine = 65_535
const encoder = new TextEncoder()

// A hundred times what the longest Dockerfiles have, and what an analysis of takes some 100 MB.
const maxInstructions = 20_000

const withHeredocs = new Set(['ADD', 'COPY', 'RUN'])
const withJson = new Set(['ADD', 'CMD', 'COPY', 'ENTRYPOINT', 'HEALTHCHECK', 'RUN', 'SHELL', 'VOLUME'])

/**
 * Splits a Dockerfile into instructions, by the rules of BuildKit's own parser: directives, comments, continuation
 * lines, flags and heredocs.
 * Why not dockerfile-ast: a file of 10,000 lines takes it half a second, and it takes what BuildKit refuses.
 * @see https://github.com/moby/buildkit/blob/v0.25.0/frontend/dockerfile/parser/parser.go
 * @throws DockerfileError `syntax`, `too-complex`
 */
export function parse(source: string): { instructions: Parsed[]; escapeWith: string } {
  const lines = source
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((line) =>
      line.slice(
        0,
        endWithout(line, (char) => char === '\r'),
      ),
    )
  for (const [row, line] of lines.entries()) {
    if (line.length > maxLine || (line.length > maxLine / 3 && encoder.encode(line).length > maxLine))
      throw syntaxError(
        `The line is longer than ${maxLine} bytes, which is all that BuildKit reads`,
        placeIn(lines, row),
      )
    const nul = line.indexOf('\0')
    if (nul >= 0)
      throw syntaxError('A Dockerfile is text: this line holds a NUL byte', placeIn(lines, row, nul))
  }
  const escapeWith = readEscape(lines)
  const instructions: Parsed[] = []
  for (let start = 0; start < lines.length; ) {
    const { command, next } = joinLines(lines, start, escapeWith)
    const split = splitCommand(command, escapeWith)
    const { heredocs, end } = readHeredocs(lines, { command, split, start, next })
    if (command !== '') {
      const text = lines.slice(start, end).join('\n')
      const instruction = { ...split, heredocs, line: start + 1, endLine: end, text }
      checkJson(instruction)
      if (instructions.length === maxInstructions)
        throw errorAt(instruction, 'too-complex', `There are more than ${maxInstructions} instructions`)
      instructions.push(instruction)
    }
    start = end
  }
  if (instructions.length === 0)
    throw new DockerfileError('syntax', 'The Dockerfile is empty: it has no instruction')
  return { instructions, escapeWith }
}

/** The command that begins on a line, and the line after it; empty on a line that holds none. */
function joinLines(
  lines: readonly string[],
  start: number,
  escapeWith: string,
): { command: string; next: number } {
  let joined = ''
  let next = start
  for (let more = true; more && next < lines.length; ) {
    const line = lines[next++] as string
    const bare = trimSpaceStart(line)
    // Comments and empty lines end nothing that has begun.
    const skipped = bare === '' || bare.startsWith('#')
    if (!skipped) {
      more = continues(line, escapeWith)
      joined += more ? line.slice(0, line.lastIndexOf(escapeWith)) : line
    }
    if (joined === '') break
  }
  return { command: trimSpace(joined), next }
}

/** The heredocs of a command, from the lines after it, and the line after them. */
function readHeredocs(
  lines: readonly string[],
  {
    command,
    split: { keyword, rest },
    start,
    next,
  }: { command: string; split: Pick<Parsed, 'keyword' | 'rest'>; start: number; next: number },
): { heredocs: Heredoc[]; end: number } {
  const heredocs: Heredoc[] = []
  const acting = keyword === 'ONBUILD' ? trigger(rest) : keyword
  if (!withHeredocs.has(acting) || !command.includes('<<') || jsonArray(rest)) return { heredocs, end: next }
  let begin = next
  for (const { name, chomp, expand } of heredocDelimiters(command)) {
    const end = findDelimiter(lines, begin, { name, chomp })
    if (end < 0)
      throw syntaxError(
        `The heredoc ${name} never ends: no line is just ${name}`,
        placeIn(lines, start, (lines[start] as string).indexOf('<<')),
      )
    const body = lines.slice(begin, end).map((line) => `${chomp ? line.replace(/^\t+/, '') : line}\n`)
    heredocs.push({ name, expand, content: body.join('') })
    begin = end + 1
  }
  return { heredocs, end: begin }
}

/**
 * The error that a thing said in `instruction` is, placed at the first `token` in it.
 * @param after what stands right before it
 */
export function errorAt(
  instruction: Pick<Parsed, 'line' | 'text'>,
  code: DockerfileErrorCode,
  message: string,
  token?: string,
  after = '',
): DockerfileError {
  const lines = instruction.text.split('\n')
  const found = token ? lines.findIndex((line) => line.includes(after + token)) : -1
  // With quotes between the two, they do not stand together.
  if (found < 0 && after) return errorAt(instruction, code, message, token)
  const row = Math.max(found, 0)
  const text = lines[row] as string
  const column =
    found >= 0 ? text.indexOf(after + token) + after.length : text.length - trimSpaceStart(text).length
  return new DockerfileError(code, message, { line: instruction.line + row, column: column + 1, text })
}

/** The strings of a JSON array, undefined where `rest` is none: Docker then takes it as words or a shell command. */
export const jsonStrings = (rest: string): string[] | undefined =>
  jsonArray(rest)?.filter((each) => typeof each === 'string')

function jsonArray(rest: string): unknown[] | undefined {
  if (!rest.startsWith('[')) return undefined
  try {
    const value: unknown = JSON.parse(rest)
    return Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** An array of something else is neither an exec form nor a shell command. */
function checkJson(instruction: Parsed): void {
  const { keyword, rest } = instruction
  if (keyword === 'ONBUILD') {
    const { keyword: inner, rest: innerRest } = splitCommand(rest, '\\')
    if (inner !== 'ONBUILD') checkJson({ ...instruction, keyword: inner, rest: innerRest })
    return
  }
  if (!withJson.has(keyword)) return
  const array = jsonArray(keyword === 'HEALTHCHECK' ? trimSpaceStart(rest.slice(rest.search(/\s|$/))) : rest)
  const wrong = array?.find((each) => typeof each !== 'string')
  if (wrong !== undefined)
    throw errorAt(
      instruction,
      'syntax',
      `A JSON array of ${keyword} holds strings alone, not ${shorten(JSON.stringify(wrong))}`,
    )
}

/** The instruction that an ONBUILD triggers. */
export const trigger = (rest: string): string =>
  (firstSpace(rest) < 0 ? rest : rest.slice(0, firstSpace(rest))).toUpperCase()

export const shorten = (text: string, max = 40): string =>
  text.length > max ? `${text.slice(0, max - 1)}…` : text

function syntaxError(message: string, place: Place): DockerfileError {
  return new DockerfileError('syntax', message, place)
}

function placeIn(lines: readonly string[], row: number, column = 0): Place {
  return { line: row + 1, column: Math.max(column, 0) + 1, text: lines[row] ?? '' }
}

/** The escape character that the directives at the top choose. */
function readEscape(lines: readonly string[]): string {
  const seen = new Set<string>()
  let escapeWith = '\\'
  for (const [row, line] of lines.entries()) {
    const [, name, value] =
      /^#[\t\n\f\r ]*([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*(\S.*)$/.exec(trimSpace(line)) ?? []
    const directive = name?.toLowerCase()
    if (!directive || !value || !['syntax', 'escape', 'check'].includes(directive)) break
    if (seen.has(directive))
      throw syntaxError(`There is a second ${directive} directive`, placeIn(lines, row))
    seen.add(directive)
    if (directive !== 'escape') continue
    if (value !== '\\' && value !== '`')
      throw syntaxError(
        `The escape character is ${shorten(value)}, it must be \\ or \``,
        placeIn(lines, row, line.indexOf(value)),
      )
    escapeWith = value
  }
  return escapeWith
}

/** Whether the line ends in one escape character, spaces after it aside. */
function continues(line: string, escapeWith: string): boolean {
  let end = line.length
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end--
  return line[end - 1] === escapeWith && line[end - 2] !== escapeWith
}

function splitCommand(command: string, escapeWith: string): Pick<Parsed, 'keyword' | 'flags' | 'rest'> {
  const space = firstSpace(command)
  if (space < 0) return { keyword: command.toUpperCase(), flags: [], rest: '' }
  const flags: string[] = []
  let at = space
  for (;;) {
    while (at < command.length && isSpace(command[at] as string)) at++
    if (!command.startsWith('--', at)) break
    const begin = at
    let quote = ''
    for (; at < command.length; at++) {
      const char = command[at] as string
      if (char === escapeWith && quote !== "'") at++
      else if (quote) quote = char === quote ? '' : quote
      else if (char === '"' || char === "'") quote = char
      else if (isSpace(char)) break
    }
    const flag = command.slice(begin, at)
    if (flag === '--') break
    flags.push(flag.replace(/["']/g, ''))
  }
  return { keyword: command.slice(0, space).toUpperCase(), flags, rest: trimSpace(command.slice(at)) }
}

function findDelimiter(
  lines: readonly string[],
  from: number,
  { name, chomp }: Pick<Delimiter, 'name' | 'chomp'>,
): number {
  for (let row = from; row < lines.length; row++) {
    const line = lines[row] as string
    if (line === name || (chomp && line.replace(/^\t+/, '') === name)) return row
  }
  return -1
}
