import {
  type Package,
  parseApkInstalled,
  parseCargoLock,
  parseDpkgStatus,
  parsePackageJson,
  parsePythonMetadata,
} from './packages.ts'

export interface User {
  name: string
  uid: number
  gid: number
  home: string
  shell: string
}

/** What one file tells. */
export interface FileFacts {
  os?: Package[]
  npm?: Package[]
  python?: Package[]
  go?: Package[]
  rust?: Package[]
  users?: User[]
}

interface Collector {
  /** The files to read, by their path in the layer. */
  path: RegExp
  /** Files that hard links of the kind may point to: their text passes by under this name, before the link. */
  linked?: RegExp
  read: (text: string) => FileFacts
}

/** Files whose text is read while a layer streams by. Those over {@link TEXT_LIMIT} are not. */
export const collectors: Collector[] = [
  {
    path: /^\/var\/lib\/dpkg\/(?:status|status\.d\/[^/]+(?<!\.md5sums))$/,
    read: (text) => ({ os: parseDpkgStatus(text) }),
  },
  {
    path: /^\/(?:usr\/)?lib\/apk\/db\/installed$/,
    read: (text) => ({ os: parseApkInstalled(text) }),
  },
  {
    path: /\/node_modules\/(?:@[^/]+\/)?[^/@.][^/]*\/package\.json$/,
    // pnpm's store, when it is in the image and sorts before the app.
    linked: /\/store\/v\d+\/files\/[0-9a-f]{2}\/[0-9a-f]+$/,
    read: (text) => ({ npm: parsePackageJson(text) }),
  },
  {
    path: /\.dist-info\/METADATA$/,
    read: (text) => ({ python: parsePythonMetadata(text) }),
  },
  {
    // A crate's or the toolchain's own lock, in their sources, names what is not there.
    path: /^(?!.*\/(?:registry\/src|git\/checkouts|rustlib\/src)\/).*\/Cargo\.lock$/,
    read: (text) => ({ rust: parseCargoLock(text) }),
  },
  {
    path: /^\/etc\/passwd$/,
    read: (text) => ({ users: parsePasswd(text) }),
  },
]

/** Bytes of one file that are held in memory to be read. */
export const TEXT_LIMIT = 4 * 1024 * 1024

/** The users of an `/etc/passwd`, in its order. */
function parsePasswd(text: string): User[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid, , home = '', shell = ''] = line.split(':')
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid), home, shell }] : []
  })
}
