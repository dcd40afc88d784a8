import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import type { BakeImage } from '@stagecraft/engine'
import type { Scenario } from '@stagecraft/report'
import { parse, stringify } from 'yaml'

/** A file that a change writes: its path in the copied tree, and what it says before and after. */
export interface Edit {
  path: string
  before: string
  after: string
}

/** Names that are looked for in an app's folder, and what its program says last after the change, in its own language. */
const sources: readonly [names: readonly string[], line: (nonce: string) => string][] = [
  [
    ['main.ts', 'main.tsx', 'main.js', 'index.ts', 'index.tsx', 'index.js', 'server.ts', 'server.js'],
    // Neither a compiler nor a bundler leaves it out.
    (nonce) => `Object.assign(globalThis, { changed: '${nonce}' })`,
  ],
  [['main.py', 'app.py', '__main__.py'], (nonce) => `CHANGED = "${nonce}"`],
  [['main.go'], (nonce) => `func init() { println("${nonce}") }`],
  [['main.rs'], (nonce) => `#[used] static CHANGED_${nonce}: &str = "${nonce}";`],
]

/**
 * What a scenario changes for an image, in a tree that nobody else uses. Nothing where the image has no such thing, such
 * as scripts in the manifest of a Go program, and where nothing is changed at all.
 * @param tree absolute path of the copied repository
 * @param nonce letters and digits that were never built before
 */
export async function editsFor(
  scenario: Scenario,
  tree: string,
  image: BakeImage,
  nonce: string,
): Promise<Edit[]> {
  const folder = posix.dirname(image.dockerfile)
  const make = {
    line: changeLine,
    scripts: changeScripts,
    dependency: addDependency,
    'registry-cache': changeLine,
  } as const
  if (!(scenario in make)) return []
  return make[scenario as keyof typeof make](new Tree(tree, folder, image.context), nonce)
}

/** The path in the copied tree, as a path of the build context. */
export const inContext = ({ context }: BakeImage, path: string): string => posix.relative(context, path)

export async function apply(tree: string, edits: readonly Edit[]): Promise<void> {
  for (const { path, after } of edits) await writeFile(join(tree, path), after)
}

export async function undo(tree: string, edits: readonly Edit[]): Promise<void> {
  for (const { path, before } of edits) await writeFile(join(tree, path), before)
}

/** The files of an app in the copied repository. */
class Tree {
  readonly #root: string
  readonly folder: string
  readonly context: string

  constructor(root: string, folder: string, context: string) {
    this.#root = root
    this.folder = folder
    this.context = context
  }

  /** The first of the paths, of the app's folder, that is there. */
  find(...names: string[]): string | undefined {
    return names.map((name) => posix.join(this.folder, name)).find((path) => this.has(path))
  }

  has(path: string): boolean {
    return existsSync(join(this.#root, path))
  }

  async edit(path: string, change: (text: string) => string | Promise<string>): Promise<Edit> {
    const before = await readFile(join(this.#root, path), 'utf8')
    return { path, before, after: await change(before) }
  }
}

/** The program of an app, and how a line is added to it. */
function findProgram(tree: Tree): [path: string, line: (nonce: string) => string] | undefined {
  for (const [names, line] of sources) {
    const path = tree.find(...names.flatMap((name) => [`src/${name}`, name]))
    if (path) return [path, line]
  }
  return undefined
}

/** The path of an app's program in its build context; undefined where it has none of the usual names. */
export const findSource = (context: string, folder: string): string | undefined =>
  findProgram(new Tree(context, folder, '.'))?.[0]

async function changeLine(tree: Tree, nonce: string): Promise<Edit[]> {
  const [path, line] = findProgram(tree) ?? []
  return path && line ? [await tree.edit(path, (text) => `${text}\n${line(nonce)}\n`)] : []
}

async function changeScripts(tree: Tree, nonce: string): Promise<Edit[]> {
  if (!isNode(tree)) return []
  const path = posix.join(tree.folder, 'package.json')
  return [
    await tree.edit(path, (text) =>
      editJson(text, (manifest) => {
        manifest.scripts = { ...(manifest.scripts as object), [`x-${nonce}`]: 'true' }
      }),
    ),
  ]
}

/** The `package.json` of an app in another language says no more than how the workspace tests it. */
const isNode = (tree: Tree) =>
  tree.find('package-lock.json') !== undefined ||
  (tree.context === '.' && tree.has('pnpm-lock.yaml') && tree.find('package.json') !== undefined)

/** Each adds something small that the lockfile knows already, or whose hash is known, so that nothing has to be resolved. */
async function addDependency(tree: Tree, nonce: string): Promise<Edit[]> {
  if (isNode(tree)) return tree.find('package-lock.json') ? addToNpm(tree, nonce) : addToPnpm(tree, nonce)
  const requirements = tree.find('requirements.txt')
  if (requirements) return [await tree.edit(requirements, (text) => `${text}${six} # ${nonce}\n`)]
  const modules = tree.find('go.mod')
  if (modules)
    return [
      await tree.edit(modules, (text) => `${text}\nrequire github.com/google/uuid v1.6.0 // ${nonce}\n`),
    ]
  return tree.find('Cargo.lock') ? addToCargo(tree, nonce) : []
}

/** The last release of six, of one file; the hash is that of its wheel on PyPI. */
const six = 'six==1.17.0 --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274'

interface NpmLock {
  packages: Record<string, { version?: string; dependencies?: Record<string, string>; dev?: boolean }>
}

async function addToNpm(tree: Tree, nonce: string): Promise<Edit[]> {
  let added: [name: string, version: string] | undefined
  const lock = await tree.edit(posix.join(tree.folder, 'package-lock.json'), (text) =>
    editJson(text, (content) => {
      const { packages } = content as unknown as NpmLock
      const root = packages['']
      const direct = root?.dependencies ?? {}
      for (const [path, { version, dev }] of Object.entries(packages)) {
        const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path) ?? []
        if (!name || !version || dev || name in direct) continue
        added = [name, version]
        if (root) root.dependencies = sorted({ ...direct, [name]: version })
        return
      }
    }),
  )
  if (!added) return []
  const [name, version] = added
  return [lock, await addToManifest(tree, name, version, nonce)]
}

type Importer = Record<string, { specifier: string; version: string }>

async function addToPnpm(tree: Tree, nonce: string): Promise<Edit[]> {
  let added: [name: string, specifier: string] | undefined
  const lock = await tree.edit('pnpm-lock.yaml', (text) => {
    const content = parse(text) as { importers: Record<string, { dependencies?: Importer }> }
    const own = content.importers[tree.folder]
    if (!own) return text
    for (const { dependencies = {} } of Object.values(content.importers)) {
      const found = Object.entries(dependencies).find(
        ([name, { version }]) => !(name in (own.dependencies ?? {})) && /^[\d.]+$/.test(version),
      )
      if (!found) continue
      added = [found[0], found[1].specifier]
      own.dependencies = sorted({ ...own.dependencies, [found[0]]: found[1] })
      return stringify(content)
    }
    return text
  })
  if (!added) return []
  const [name, specifier] = added
  return [lock, await addToManifest(tree, name, specifier, nonce)]
}

/** With the nonce in a field that tools keep and do not read. */
async function addToManifest(tree: Tree, name: string, version: string, nonce: string): Promise<Edit> {
  return tree.edit(posix.join(tree.folder, 'package.json'), (text) =>
    editJson(text, (manifest) => {
      manifest.dependencies = sorted({ ...(manifest.dependencies as object), [name]: version })
      manifest.config = { ...(manifest.config as object), changed: nonce }
    }),
  )
}

/** itoa, which serde_json brings along, is in the lockfile of most services. */
async function addToCargo(tree: Tree, nonce: string): Promise<Edit[]> {
  let version: string | undefined
  const lock = await tree.edit(posix.join(tree.folder, 'Cargo.lock'), (text) => {
    version = /^name = "itoa"\nversion = "(.+)"$/m.exec(text)?.[1]
    // The package without a source is the app; its dependencies are sorted.
    return text.replace(
      /(\[\[package]]\nname = .+\nversion = .+\ndependencies = \[\n)([^\]]*)]/,
      (_all, head: string, list: string) => {
        const names = [...list.split('\n').filter(Boolean), ' "itoa",']
        return `${head}${names.sort().join('\n')}\n]`
      },
    )
  })
  if (!version || lock.after === lock.before) return []
  const manifest = await tree.edit(posix.join(tree.folder, 'Cargo.toml'), (text) =>
    text.replace('[dependencies]\n', `[dependencies]\n# ${nonce}\nitoa = "${version}"\n`),
  )
  return [lock, manifest]
}

function editJson(text: string, edit: (content: Record<string, unknown>) => void): string {
  const content = JSON.parse(text)
  edit(content)
  return `${JSON.stringify(content, undefined, 2)}\n`
}

function sorted<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}
