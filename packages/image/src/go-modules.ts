import type { ByteRange } from './elf.ts'
import type { Package } from './packages.ts'

const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1')
const ALIGNMENT = 16
const HEADER = 32
const FLAGS = 15
const INLINE_STRINGS = 2
/** Around the modules, 16 bytes each. */
const SENTINEL = 16
/** Bytes that either string may have. A module takes about a hundred. */
const STRING_LIMIT = 1024 * 1024

export interface ModuleScan {
  push(chunk: Buffer): void
  /** Undefined as long as nothing is found. */
  readonly modules: Package[] | undefined
}

/**
 * Looks for the build info that Go's linker leaves in the data of a program, as the program's bytes pass: of Go 1.18
 * or newer, which has its strings inline. The format is that of `debug/buildinfo` in Go's standard library
 * (https://github.com/golang/go/blob/go1.26.0/src/debug/buildinfo/buildinfo.go). Holds no more than two such strings.
 */
export function scanForModules(data: ByteRange): ModuleScan {
  let position = 0
  let window: Buffer = Buffer.alloc(0)
  let modules: Package[] | undefined

  const search = (start: number) => {
    for (let at = window.indexOf(MAGIC); at >= 0; at = window.indexOf(MAGIC, at + 1)) {
      if ((start + at) % ALIGNMENT !== 0) continue
      const info = window.subarray(at)
      const read = readBuildInfo(info)
      if (read === 'bad') continue
      if (read === 'cut') window = info
      else modules = read
      return
    }
    window = window.subarray(Math.max(0, window.length - MAGIC.length + 1))
  }

  return {
    push(chunk) {
      const from = Math.max(0, data.start - position)
      const to = Math.min(chunk.length, data.end - position)
      position += chunk.length
      if (modules || from >= to) return
      window = Buffer.concat([window, chunk.subarray(from, to)])
      search(Math.min(position, data.end) - window.length)
    },
    get modules() {
      return modules
    },
  }
}

type Unread = 'cut' | 'bad'

function readBuildInfo(info: Buffer): Package[] | Unread {
  if (info.length < HEADER) return 'cut'
  if (((info[FLAGS] as number) & INLINE_STRINGS) === 0) return 'bad'
  const version = readString(info, HEADER)
  if (typeof version === 'string') return version
  if (version.bytes.length === 0) return 'bad'
  const modules = readString(info, version.end)
  if (typeof modules === 'string') return modules
  return parseModules(version.bytes.toString(), modules.bytes.subarray(SENTINEL, -SENTINEL).toString())
}

/** A string with its length before it, as a varint of up to three bytes. */
function readString(info: Buffer, start: number): { bytes: Buffer; end: number } | Unread {
  let length = 0
  for (let index = 0; index < 3; index++) {
    const byte = info[start + index]
    if (byte === undefined) return 'cut'
    length |= (byte & 0x7f) << (7 * index)
    if (byte >= 0x80) continue
    const first = start + index + 1
    const end = first + length
    if (length > STRING_LIMIT) return 'bad'
    return end <= info.length ? { bytes: info.subarray(first, end), end } : 'cut'
  }
  return 'bad'
}

/**
 * The standard library under the name `stdlib`, with Go's version, then the modules: `mod` is the main one, `dep` one
 * that it needs, and `=>` what replaces the one before. A directory that replaces a module has its name.
 */
function parseModules(goVersion: string, text: string): Package[] {
  const packages = [{ name: 'stdlib', version: goVersion }]
  for (const line of text.split('\n')) {
    const [word, name = '', version = ''] = line.split('\t')
    if (word === 'mod' || word === 'dep') packages.push({ name, version })
    const replaced = word === '=>' ? packages.pop() : undefined
    if (replaced) packages.push({ name: /^[./]/.test(name) ? replaced.name : name, version })
  }
  return packages
}
