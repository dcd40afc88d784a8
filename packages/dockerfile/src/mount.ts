import { isUnknown } from './expand.ts'
import { errorAt, type Parsed, shorten } from './parse.ts'

/** One `--mount` of a `RUN`, its variables filled in. */
export interface Mount {
  type: string
  source: string
  /** As written; empty for the working directory. */
  target: string
  /** All it says, but where its files come from and go to. */
  how: string
}

const types = ['bind', 'cache', 'tmpfs', 'secret', 'ssh']
const keys: Readonly<Record<string, string>> = {
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

const truth = /^(?:1|0|[tTfF]|true|TRUE|True|false|FALSE|False)$/
const number = /^\d{1,10}$/
const values: Readonly<Record<string, RegExp>> = {
  readonly: truth,
  readwrite: truth,
  required: truth,
  sharing: /^(?:shared|private|locked)$/i,
  mode: /^[0-7]{1,11}$/,
  uid: number,
  gid: number,
  size: /^\d+(?:\.\d+)?\s*[kmgtp]?i?b?$/i,
}
/** The types that an option is for, where it is not for all. The first two look at the type that stands before them. */
const only: Readonly<Record<string, readonly string[]>> = {
  required: ['secret', 'ssh'],
  size: ['tmpfs'],
  sharing: ['cache'],
  mode: ['secret', 'ssh', 'cache'],
  uid: ['secret', 'ssh', 'cache'],
  gid: ['secret', 'ssh', 'cache'],
}

/** What `from=` of a mount says; no variable is expanded there. @throws DockerfileError for one that has any */
export function mountFrom(instruction: Parsed, text: string): string | undefined {
  const all = text.split(',').flatMap((field) => /^from=(.*)$/is.exec(field)?.[1] ?? [])
  const wrong = all.find((from) => /\$./.test(from))
  if (wrong)
    throw errorAt(
      instruction,
      'syntax',
      `from=${shorten(wrong)}: variables are not expanded there. Name a stage: FROM ${shorten(wrong)} AS name`,
      wrong,
    )
  return all.at(-1) || undefined
}

/**
 * Reads a mount.
 * @param fill fills in the variables of a word
 * @see https://github.com/moby/buildkit/blob/v0.25.0/frontend/dockerfile/instructions/commands_runmount.go parseMount
 * @throws DockerfileError `syntax`
 */
export function readMount(instruction: Parsed, text: string, fill: (word: string) => string): Mount {
  const wrong = (message: string, token: string) => errorAt(instruction, 'syntax', message, token)
  const mount: Record<string, string> = { type: 'bind' }
  for (const field of text.split(',')) {
    const equals = field.indexOf('=')
    const name = equals < 0 ? field : field.slice(0, equals)
    const key = keys[name.toLowerCase()]
    if (!key) throw wrong(`A mount has no ${shorten(name) || 'empty'} option`, field)
    if (equals < 0 && !['readonly', 'readwrite', 'required'].includes(key))
      throw wrong(`The option ${key} of a mount needs a value`, field)
    const value =
      equals < 0 ? 'true' : key === 'from' ? field.slice(equals + 1) : fill(field.slice(equals + 1))
    const { type: sofar = '' } = mount
    if ((key === 'required' || key === 'size') && !isUnknown(sofar) && !only[key]?.includes(sofar))
      throw wrong(`A ${sofar} mount has no ${key}`, text)
    mount[key] = key === 'type' || key === 'sharing' ? value.toLowerCase() : value
    if (isUnknown(value)) continue
    if (key === 'type' && !types.includes(value.toLowerCase()))
      throw wrong(`There is no mount of type ${shorten(value)}. There are ${types.join(', ')}`, value)
    if (values[key]?.test(value) === false) throw wrong(`A mount cannot have ${key}=${shorten(value)}`, field)
  }
  const { type = 'bind', source = '', target = '' } = mount
  if (!isUnknown(type)) check(mount, type, (message) => wrong(message, text))
  const how = Object.entries(mount).filter(([key]) => !['from', 'source', 'target'].includes(key))
  return {
    type,
    source,
    target,
    how: how
      .map((each) => each.join('='))
      .toSorted()
      .join(','),
  }
}

function check(
  mount: Readonly<Record<string, string>>,
  type: string,
  wrong: (message: string) => Error,
): void {
  const misplaced = ['sharing', 'mode', 'uid', 'gid'].find(
    (key) => mount[key] !== undefined && !only[key]?.includes(type),
  )
  if (misplaced) throw wrong(`A ${type} mount has no ${misplaced}`)
  const { from, source = '', target, id } = mount
  if (isUnknown(source)) return
  if (type === 'ssh' && source) throw wrong('An ssh mount has an id and no source')
  if (type !== 'secret') return
  if (from) throw wrong('A secret comes from no stage')
  if (!source && !target && !id) throw wrong('A secret mount needs an id')
  if (source && id) throw wrong('A secret mount has an id or a source, not both')
}
