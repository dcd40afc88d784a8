import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BakeImage, baseImages, cacheDirectory, findImage } from '@stagecraft/engine'
import { replaceFile } from '@stagecraft/engine/replace-file'
import type { ImageReport, Report } from '@stagecraft/report'
import { execa } from 'execa'
import type { Facts } from './describe.ts'

type Run = ImageReport['run']

/** What was found out earlier, outside the clone: it is of an image, not of a folder. */
async function read<T>(name: string): Promise<T | undefined> {
  const directory = await cacheDirectory()
  if (!directory) return undefined
  const text = await readFile(join(directory, '../runs', name), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : JSON.parse(text)
}

async function write(name: string, value: unknown): Promise<void> {
  const directory = await cacheDirectory()
  if (!directory) return
  await replaceFile(join(directory, '../runs', name), JSON.stringify(value))
}

/** One more when a figure is measured in another way. */
const way = '3'

/** An image and where it ran: another engine or another machine has other figures. */
const runFile = (id: string, host: Report['host']) => `run-${hash(way, id, JSON.stringify(host))}.json`

/** What an image says of itself, read once for each state of the code that reads it. */
export async function recallFacts(id: string, find: () => Promise<Facts>): Promise<Facts> {
  code ??= hashCode()
  const name = `facts-${hash(id, await code)}.json`
  const known = await read<Facts>(name)
  if (known) return known
  const facts = await find()
  await write(name, facts)
  return facts
}

let code: Promise<string> | undefined

async function hashCode(): Promise<string> {
  const folders = [import.meta.dirname, join(import.meta.dirname, '../../image/src')]
  const files = (await Promise.all(folders.map((folder) => readdir(folder)))).flatMap((names, index) =>
    names.filter((name) => name.endsWith('.ts')).map((name) => join(folders[index] ?? '', name)),
  )
  return hash(...(await Promise.all(files.sort().map((file) => readFile(file)))))
}

/** The figures of an earlier run of the same image, with the date when they were measured. */
export function recallRun(id: string, host: Report['host']): Promise<Run | undefined> {
  return read(runFile(id, host))
}

export function rememberRun(id: string, host: Report['host'], run: Run): Promise<void> {
  return write(runFile(id, host), { ...run, measuredAt: new Date().toISOString() })
}

/**
 * Whether the images are what a build would make: nothing in the repository has changed since they were built, nor have
 * their bases, and they are there. False where `root` is no git checkout.
 */
export async function areBuilt(root: string, images: readonly BakeImage[]): Promise<boolean> {
  const tree = await treeHash(root)
  if (tree === undefined) return false
  const states = await Promise.all(images.map((image) => stateOf(root, image)))
  const known = await Promise.all(images.map(({ image }) => read<string>(builtFile(root, image))))
  return states.every((state, index) => state !== undefined && known[index] === hash(tree, state))
}

/** To be called once they are built. */
export async function rememberBuilt(root: string, images: readonly BakeImage[]): Promise<void> {
  const tree = await treeHash(root)
  if (tree === undefined) return
  for (const image of images) {
    const state = await stateOf(root, image)
    if (state !== undefined) await write(builtFile(root, image.image), hash(tree, state))
  }
}

const builtFile = (root: string, image: string) => `built-${hash(root, image)}.json`

/** The IDs of an image and of its bases; undefined when it is not there. */
async function stateOf(root: string, image: BakeImage): Promise<string | undefined> {
  const names = [image.image, ...(await baseImages(root, [image]))]
  const found = await Promise.all(names.map((name) => findImage(name)))
  return found[0] && found.map((each) => each?.Id ?? '').join()
}

const trees = new Map<string, Promise<string | undefined>>()

/**
 * Of every file as it is when it is first asked for, and of the variables that the bake file takes from the environment.
 */
function treeHash(root: string): Promise<string | undefined> {
  const known = trees.get(root) ?? hashTree(root)
  trees.set(root, known)
  return known
}

async function hashTree(root: string): Promise<string | undefined> {
  const git = (...args: string[]) => execa('git', args, { cwd: root, reject: false })
  const [head, changed, untracked] = await Promise.all([
    git('rev-parse', 'HEAD'),
    git('diff', 'HEAD', '--binary'),
    git('ls-files', '--others', '--exclude-standard', '-z'),
  ])
  if (head.failed) return undefined
  const files = untracked.stdout.split('\0').filter(Boolean)
  const texts = await Promise.all(files.map((path) => readFile(join(root, path)).catch(() => '')))
  const variables = Object.entries(process.env).filter(([name]) =>
    /^(BASE|IMAGE|COMPRESSION|COMMIT)/.test(name),
  )
  return hash(head.stdout, changed.stdout, JSON.stringify(variables), ...files, ...texts)
}

function hash(...parts: (string | Buffer)[]): string {
  const sum = createHash('sha256')
  for (const part of parts) sum.update(part).update('\0')
  return sum.digest('hex').slice(0, 32)
}
