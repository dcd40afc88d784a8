import { createHash, randomBytes } from 'node:crypto'
import {
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Change } from './model.ts'

/** A file of a folder. */
export interface Entry {
  /** With `/` between folders. */
  path: string
  size: number
  mode: number
}

/** More than that is no exercise: `node_modules` of a large project, say. */
const tooMany = 20_000

/** The files of a folder, links included, sorted by path. */
export async function listFolder(folder: string): Promise<Entry[]> {
  const entries: Entry[] = []
  const walk = async (path: string): Promise<void> => {
    for (const each of await readdir(join(folder, path), { withFileTypes: true })) {
      if (entries.length >= tooMany) return
      const here = path ? `${path}/${each.name}` : each.name
      if (each.isDirectory()) await walk(here)
      else {
        const { size, mode } = await lstat(join(folder, here))
        entries.push({ path: here, size, mode: mode & 0o777 })
      }
    }
  }
  await walk('')
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** A hash of all that a build of the folder depends on; of large files, size and time stand for the bytes. */
export async function hashFolder(folder: string): Promise<string> {
  const hash = createHash('sha256')
  for (const { path, size, mode } of await listFolder(folder)) {
    const file = join(folder, path)
    const state = await lstat(file)
    const bytes = state.isSymbolicLink()
      ? await readlink(file)
      : state.isFile() && size < 4_000_000
        ? await readFile(file)
        : `${size} ${state.mtimeMs}`
    hash.update(`${path}\0${mode}\0`).update(createHash('sha256').update(bytes).digest())
  }
  return hash.digest('hex')
}

/** A copy of a folder, gone when it is disposed. */
export async function copyFolder(folder: string): Promise<{ path: string } & AsyncDisposable> {
  const parent = await mkdtemp(join(tmpdir(), 'stagecraft-workshop-'))
  const path = join(parent, 'copy')
  await cp(folder, path, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
  return { path, [Symbol.asyncDispose]: () => rm(parent, { recursive: true, force: true }) }
}

/**
 * Lays a folder over another. An empty file `<name>.deleted` removes what has that name.
 * @param over the path of a folder, which may be missing
 */
export async function overlay(over: string, onto: string): Promise<void> {
  if (!(await stat(over).catch(() => undefined))) return
  await cp(over, onto, { recursive: true, verbatimSymlinks: true })
  for (const { path } of await listFolder(over)) {
    if (!path.endsWith('.deleted')) continue
    await rm(join(onto, path), { force: true })
    await rm(join(onto, path.slice(0, -'.deleted'.length)), { recursive: true, force: true })
  }
}

/** Spaces and tabs that no earlier build has seen, for the end of a file: they change no program and no configuration. */
const newBlanks = () =>
  `\n${Array.from(randomBytes(6), (byte) => byte.toString(2).padStart(8, '0'))
    .join('')
    .replaceAll('0', ' ')
    .replaceAll('1', '\t')}\n`

/** Makes a change to a file of a folder. */
export async function changeFile(folder: string, change: Extract<Change, { path: string }>): Promise<void> {
  const file = join(folder, change.path)
  if (change.remove) return rm(file, { recursive: true, force: true })
  const old = await readFile(file, 'utf8').catch(() => undefined)
  if (change.touch) return utimes(file, new Date(), new Date())
  await mkdir(dirname(file), { recursive: true })
  // A change that was built before would be in the cache.
  await writeFile(file, (change.content ?? (old ?? '') + (change.append ?? '')) + newBlanks())
}
