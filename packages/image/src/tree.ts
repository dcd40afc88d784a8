import type { FileFacts } from './collectors.ts'
import type { Layer, LayerEntry } from './image.ts'

export interface Directory {
  type: 'directory'
  children: Map<string, TreeNode>
}

/** A regular file; its hard links are the same object. */
export interface File {
  type: 'file'
  mode: number
  size: number
  /** Index of the layer that holds it, and its first path there. */
  layer: number
  path: string
  /** Names that it has. */
  links: number
  text?: FileFacts
  unread: boolean
}

interface Symlink {
  type: 'symlink'
  target: string
}

export type TreeNode = Directory | File | Symlink | { type: 'device' | 'fifo' }

/** A regular file of a layer that the final tree does not have. */
export interface Buried {
  path: string
  bytes: number
  /** Index of the layer that holds it. */
  layer: number
  /** Index of the layer that deletes or replaces it. */
  by: number
}

export interface Tree {
  root: Directory
  buried: Buried[]
}

/** As many as Linux follows (path_resolution(7)). */
const SYMLINK_LIMIT = 40

/**
 * Applies the layers in order, as containerd does: within a layer deletions come first, as they concern the layers
 * below only; symlinks in an entry's parent path are followed in the tree so far (`/bin/x` lands in `/usr/bin` where
 * `/bin` links there), the entry itself replaces what has its name, but a directory keeps what it holds.
 *
 * A file of a lower layer is buried once its last name is deleted or replaced, be it by a copy that differs in its
 * owner or mode only: the lower one is still stored and transferred.
 */
export function mergeLayers(layers: readonly Layer[]): Tree {
  const root = directory()
  const buried: Buried[] = []
  layers.forEach((layer, index) => {
    const unread = new Set(layer.unread)

    const bury = (node: TreeNode | undefined): void => {
      if (node?.type === 'directory') for (const child of node.children.values()) bury(child)
      if (node?.type !== 'file' || --node.links > 0 || node.layer === index) return
      buried.push({ path: node.path, bytes: node.size, layer: node.layer, by: index })
    }
    const put = (parent: Directory, name: string, node: TreeNode): void => {
      bury(parent.children.get(name))
      parent.children.set(name, node)
    }
    const makeDirectory = (parent: Directory, name: string): Directory => {
      const made = directory()
      put(parent, name, made)
      return made
    }

    for (const { type, path } of layer.entries) {
      if (type === 'whiteout') {
        const [parent, name] = split(path)
        const holder = walk(root, parent)
        if (holder?.type !== 'directory') continue
        bury(holder.children.get(name))
        holder.children.delete(name)
      } else if (type === 'opaque') {
        const holder = walk(root, path)
        if (holder?.type !== 'directory') continue
        bury(holder)
        holder.children.clear()
      }
    }

    for (const entry of layer.entries) {
      if (entry.type === 'whiteout' || entry.type === 'opaque' || entry.path === '/') continue
      const [parentPath, name] = split(entry.path)
      const parent = walk(root, parentPath, makeDirectory) as Directory
      if (entry.type === 'directory') {
        if (parent.children.get(name)?.type !== 'directory') makeDirectory(parent, name)
        continue
      }
      const node = entry.type === 'link' ? linked(root, entry, index) : leaf(entry, index)
      if (parent.children.get(name) === node) continue
      if (node.type === 'file') {
        node.links++
        const text = layer.texts[entry.path]
        if (text) node.text = text
        node.unread ||= unread.has(entry.path)
      }
      put(parent, name, node)
    }
  })
  return { root, buried }
}

/**
 * The node at an absolute path, all symlinks followed; none if there is none. With `make`, a component that is no
 * directory is made one, so that there always is.
 */
export function walk(
  root: Directory,
  path: string,
  make?: (parent: Directory, name: string) => Directory,
): TreeNode | undefined {
  const way = [root]
  const ahead = components(path)
  let hops = 0
  for (let name = ahead.pop(); name !== undefined; name = ahead.pop()) {
    if (name === '..') {
      if (way.length > 1) way.pop()
      continue
    }
    const here = way.at(-1) as Directory
    const child = here.children.get(name)
    if (child?.type === 'symlink' && hops++ < SYMLINK_LIMIT) {
      if (child.target.startsWith('/')) way.length = 1
      ahead.push(...components(child.target))
    } else if (child?.type === 'directory') way.push(child)
    else if (make) way.push(make(here, name))
    else return ahead.length === 0 && child?.type !== 'symlink' ? child : undefined
  }
  return way.at(-1)
}

/** Shows each node but the directories, with its path. */
export function eachLeaf(
  from: Directory,
  show: (path: string, node: Exclude<TreeNode, Directory>) => void,
  prefix = '',
): void {
  for (const [name, node] of from.children) {
    const path = `${prefix}/${name}`
    if (node.type === 'directory') eachLeaf(node, show, path)
    else show(path, node)
  }
}

/** The paths of what the final tree of an image holds, directories left out, sorted. */
export function finalFiles(layers: readonly Layer[]): string[] {
  const paths: string[] = []
  eachLeaf(mergeLayers(layers).root, (path) => paths.push(path))
  return paths.sort()
}

/** Last first, to be popped. */
function components(path: string): string[] {
  return path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .reverse()
}

function directory(): Directory {
  return { type: 'directory', children: new Map() }
}

function leaf({ type, path, mode, size, target }: LayerEntry, layer: number): Exclude<TreeNode, Directory> {
  if (type === 'symlink') return { type, target }
  if (type === 'device' || type === 'fifo') return { type }
  return { type: 'file', mode, size, layer, path, links: 0, unread: false }
}

/** What a hard link names. An engine refuses a link to nothing; here it is an empty file. */
function linked(root: Directory, entry: LayerEntry, layer: number): Exclude<TreeNode, Directory> {
  const [parent, name] = split(entry.target)
  const holder = walk(root, parent)
  const node = holder?.type === 'directory' ? holder.children.get(name) : undefined
  return node && node.type !== 'directory' ? node : leaf({ ...entry, type: 'file' }, layer)
}

function split(path: string): [parent: string, name: string] {
  const slash = path.lastIndexOf('/')
  return [path.slice(0, slash), path.slice(slash + 1)]
}
