import type { User } from './collectors.ts'
import type { Image } from './image.ts'
import { type Package, sortPackages } from './packages.ts'
import { isTool, type ToolKind } from './tools.ts'
import { type Buried, eachLeaf, type File, mergeLayers, walk } from './tree.ts'

/** What a container sees when it starts from the image, and what the image carries beyond that. Paths are sorted. */
export interface Contents {
  /** Names of regular files, hard links included: what `find / -type f` counts. */
  files: number
  /** Those of them with any execute bit, be they programs, scripts or mere data. */
  executables: number
  /** Of dpkg, in a distroless image too, and of apk. */
  osPackages: Package[]
  /** Of each `node_modules/<name>/package.json`. */
  npmPackages: Package[]
  /** Of each `*.dist-info/METADATA`. */
  pythonPackages: Package[]
  /** Of each Go program, its own module and the standard library (`stdlib`) included. */
  goModules: Package[]
  /** Of each program that cargo-auditable built, up to 16 MiB, and each `Cargo.lock`; not the workspaces' own. */
  rustCrates: Package[]
  /** Of `/etc/passwd`. */
  users: User[]
  /** Executable regular files, and symlinks that lead to one, by the table in tools.ts. */
  shells: string[]
  packageManagers: string[]
  compilers: string[]
  /** Regular files with the setuid or the setgid bit. */
  setuidFiles: string[]
  /**
   * The sizes of the regular files that the layers carry and the final tree does not have, because a later layer
   * deletes them or replaces them, be it by a copy with another owner or mode. A file with several hard links counts
   * once, when its last name is gone. So `unpackedBytes` of the image = bytes in the final tree + `wastedBytes`.
   */
  wastedBytes: number
  /** The 20 largest of them. */
  wasted: Buried[]
  /** Which layers carry them and which bury them, the 20 largest sums; `path` is the largest file of the sum. */
  wastedBy: { layer: number; by: number; files: number; bytes: number; path: string }[]
  /** The 20 largest files of the final tree, a hard-linked one under its first name. */
  largestFiles: { path: string; bytes: number }[]
  /**
   * The folders of the final tree that hold a megabyte or more, up to four levels deep, each with all that is below it. A
   * hard-linked file counts under its first name.
   */
  folders: { path: string; bytes: number }[]
  /** Package databases and the like that were too large to be read: what they hold is missing above. */
  unread: string[]
}

const LARGEST = 20

/** Merges the layers and looks at the result. */
export function contents(image: Pick<Image, 'layers'>): Contents {
  const { root, buried } = mergeLayers(image.layers)
  const files: [path: string, file: File][] = []
  const programs: string[] = []
  eachLeaf(root, (path, node) => {
    if (node.type === 'file') files.push([path, node])
    const file = node.type === 'symlink' ? walk(root, path) : node
    if (file?.type === 'file' && isExecutable(file)) programs.push(path)
  })
  files.sort(([a], [b]) => (a < b ? -1 : 1))
  programs.sort()

  const distinct = Array.from(
    new Map(files.toReversed().map(([path, file]) => [file, path])),
    ([file, path]) => ({
      path,
      file,
    }),
  )
  const texts = distinct.flatMap(({ file }) => file.text ?? [])
  const packages = (kind: 'os' | 'npm' | 'python' | 'go' | 'rust') =>
    sortPackages(texts.flatMap((facts) => facts[kind] ?? []))
  const named = (kind: ToolKind) => programs.filter((path) => isTool(kind, path))

  return {
    files: files.length,
    executables: files.filter(([, file]) => isExecutable(file)).length,
    osPackages: packages('os'),
    npmPackages: packages('npm'),
    pythonPackages: packages('python'),
    goModules: packages('go'),
    rustCrates: packages('rust'),
    users: texts.flatMap(({ users }) => users ?? []),
    shells: named('shells'),
    packageManagers: named('packageManagers'),
    compilers: named('compilers'),
    setuidFiles: files.filter(([, file]) => (file.mode & 0o6000) !== 0).map(([path]) => path),
    wastedBytes: buried.reduce((sum, { bytes }) => sum + bytes, 0),
    wasted: largest(buried),
    wastedBy: largest(sumByLayers(buried)),
    largestFiles: largest(distinct.map(({ path, file }) => ({ path, bytes: file.size }))),
    folders: sumFolders(distinct.map(({ path, file }) => ({ path, bytes: file.size }))),
    unread: files.filter(([, file]) => file.unread).map(([path]) => path),
  }
}

function sumByLayers(buried: readonly Buried[]): Contents['wastedBy'] {
  const sums = new Map<string, Contents['wastedBy'][number]>()
  // The largest first: it gives its sum the path.
  for (const { path, bytes, layer, by } of buried.toSorted((a, b) => b.bytes - a.bytes)) {
    const sum = sums.get(`${layer} ${by}`) ?? { layer, by, files: 0, bytes: 0, path }
    sums.set(`${layer} ${by}`, { ...sum, files: sum.files + 1, bytes: sum.bytes + bytes })
  }
  return [...sums.values()]
}

function sumFolders(files: readonly { path: string; bytes: number }[]): { path: string; bytes: number }[] {
  const sums = new Map<string, number>()
  for (const { path, bytes } of files) {
    const names = path.split('/').slice(1, -1).slice(0, 4)
    let folder = ''
    for (const name of names) {
      folder += `/${name}`
      sums.set(folder, (sums.get(folder) ?? 0) + bytes)
    }
  }
  const large = [...sums].filter(([, bytes]) => bytes >= 1e6)
  return large.map(([path, bytes]) => ({ path, bytes })).sort((a, b) => (a.path < b.path ? -1 : 1))
}

function isExecutable(file: File): boolean {
  return (file.mode & 0o111) !== 0
}

function largest<T extends { path: string; bytes: number }>(files: T[]): T[] {
  return files.toSorted((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1)).slice(0, LARGEST)
}
