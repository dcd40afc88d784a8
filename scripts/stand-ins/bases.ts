import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A Debian trixie that stand-ins are built on. */
export type Root = {
  /** Short, and a file name: logs and temporary folders are called after it. */
  name: string
  /** As in `building the …`. */
  title: string
  image: string
  /** What it has beyond the root that it is made on, or beyond Debian's essential packages and apt. */
  packages: string[]
} & (
  | { on: Root }
  | {
      /** Without manuals and translations, as the official slim image. */
      slim: boolean
      /** What it takes to make it in memory. */
      megabytes: number
    }
)

/** Packages that the host fetches, in a build context. */
export type Download = { context: string } & (
  | {
      /** Versions of npm packages; the context is their node_modules. */
      npm: Record<string, string>
    }
  | {
      release: 'trixie' | 'forky'
      /** Packages of it, by name or apt pattern; the context holds their .deb files. */
      packages: string[]
      /** Source packages of it; the context holds their upstream tarballs. */
      sources?: string[]
      /** The build argument that takes the upstream version of the first of them. */
      versionArg?: string
    }
)

/** A base image that a Dockerfile of this repository starts from, and how to make its stand-in. */
export type Base = {
  name: string
  root: Root
  /** Where a recipe that serves several roots makes what they share; the build argument BUILDER. */
  builder?: Root
  /** The recipe, and what it copies (names or globs), in scripts/stand-ins/recipes. */
  dockerfile: string
  files?: string[]
  /** The stage that is the image; the last one, if not said. */
  target?: string
  args?: Record<string, string>
  /** Arguments that say where this network has what the recipe fetches: of no consequence for what it makes. */
  network?: Record<string, string>
  downloads?: Download[]
}

const words = (...lines: string[]): string[] => lines.flatMap((line) => line.split(' '))

const slim: Root = {
  name: 'slim',
  title: 'slim Debian root',
  image: 'stagecraft/stand-in-debian:trixie-slim',
  // Not in Debian's own slim image, but in every image that node's build leaves behind.
  packages: ['adduser'],
  slim: true,
  megabytes: 400,
}

/** buildpack-deps' three stages. */
const buildpack = {
  curl: words('adduser ca-certificates curl gnupg netbase sq wget'),
  scm: words('git mercurial openssh-client subversion procps'),
  full: words(
    'autoconf automake bzip2 default-libmysqlclient-dev dpkg-dev file g++ gcc imagemagick libbz2-dev libc6-dev',
    'libcurl4-openssl-dev libdb-dev libevent-dev libffi-dev libgdbm-dev libglib2.0-dev libgmp-dev libjpeg-dev',
    'libkrb5-dev liblzma-dev libmagickcore-dev libmagickwand-dev libmaxminddb-dev libncurses5-dev',
    'libncursesw5-dev libpng-dev libpq-dev libreadline-dev libsqlite3-dev libssl-dev libtool libwebp-dev',
    'libxml2-dev libxslt-dev libyaml-dev make patch unzip xz-utils zlib1g-dev',
  ),
}

/** The scm stage, and what the official golang image adds to it. */
const scm: Root = {
  name: 'scm',
  title: 'Debian root with version control and compilers',
  image: 'stagecraft/stand-in-buildpack-deps:trixie-scm',
  packages: [
    ...buildpack.curl,
    ...buildpack.scm,
    ...words('g++ gcc libc6-dev make pkg-config'),
    ...(process.arch === 'arm64' ? ['binutils-gold'] : []),
  ],
  slim: false,
  megabytes: 1200,
}

const full: Root = {
  name: 'full',
  title: 'Debian root with compilers and headers (the longest step)',
  image: 'stagecraft/stand-in-buildpack-deps:trixie',
  on: scm,
  packages: buildpack.full,
}

export const roots = [slim, scm, full]

/** A line of Node as its official images have it. */
type NodeLine = {
  /** Of npm's build of Node. */
  version: string
  /** npm packages that come with it. */
  tools: Record<string, string>
  /** Debian's packages that it links to, beyond those of the slim root. */
  libraries: string[]
  /** The recipe's stages for the slim image and the full one. */
  targets: [slim: string, full: string]
}

const nodeLines = {
  // September 2026's, the newest that npm has. Docker Hub's is one release ahead.
  26: { version: '26.10.0', tools: { npm: '11.19.1' }, libraries: ['libatomic1'], targets: ['slim', 'full'] },
  // September 2026's, with what the images had until Node 25.
  24: {
    version: '24.21.0',
    tools: { npm: '11.19.0', corepack: '0.36.0', yarn: '1.22.22' },
    libraries: [],
    targets: ['slim-yarn', 'full-yarn'],
  },
} satisfies Record<number, NodeLine>

/** Debian's build of nginx, from the release that has the branch of the tag. */
const nginx: Download = {
  context: 'nginx',
  release: 'forky',
  packages: ['nginx', 'nginx-common', 'libpcre2-8-0'],
  versionArg: 'NGINX_VERSION',
}

/** Debian's build of Python in the version of the official image, which trixie does not have, and its sources. */
const python: Download = {
  context: 'python',
  release: 'forky',
  packages: words('libpython3.13 libpython3.13-minimal libpython3.13-stdlib libpython3.13-dev'),
  sources: ['python3.13'],
  versionArg: 'PYTHON_VERSION',
}

/** The newest Rust that Debian has. The package of the compiler's libraries has the version in its name. */
const rust: Download = {
  context: 'rust',
  release: 'forky',
  packages: ['rustc', 'cargo', 'libstd-rust-dev', '?name(^libstd-rust-[0-9])'],
  versionArg: 'RUST_VERSION',
}

/** What distroless takes from Debian, for all of its images. */
const distroless: Download = {
  context: 'distroless',
  release: 'trixie',
  packages: words(
    'base-files netbase tzdata tzdata-legacy media-types ca-certificates libc6 libssl3t64 libzstd1 zlib1g',
    'libgomp1 libstdc++6 libgcc-s1 gcc-14-base libatomic1',
    'libbz2-1.0 libdb5.3t64 libexpat1 liblzma5 libsqlite3-0 libuuid1 libncursesw6 libtinfo6 libcom-err2 libcrypt1',
    'libc-bin libgssapi-krb5-2 libk5crypto3 libkeyutils1 libkrb5-3 libkrb5support0 libnsl2 libreadline8t64',
    'libtirpc3t64 libffi8 libpython3.13-minimal libpython3.13-stdlib python3.13-minimal python3.13-venv',
  ),
}

const pythonFiles = ['policy-rc.d', 'python.c', 'repack-python.sh']

const rustFiles = ['policy-rc.d', 'repack-rust.sh']

/** The base images of a line of Node. */
function nodeBases(line: keyof typeof nodeLines): Base[] {
  const { version, tools, libraries, targets }: NodeLine = nodeLines[line]
  const LIBRARIES = libraries.join(' ')
  const node: Download = {
    context: 'tools',
    npm: { [`node-linux-${process.arch}`]: version, ...tools },
  }
  const image = {
    dockerfile: 'node.Dockerfile',
    files: ['docker-entrypoint.sh', 'policy-rc.d'],
    builder: slim,
    downloads: [node],
  }
  const args = {
    NODE_VERSION: version,
    OPENSSL_ARCH: process.arch === 'arm64' ? 'linux-aarch64' : 'linux-x86_64',
  }
  return [
    {
      name: `node:${line}-trixie-slim`,
      root: slim,
      ...image,
      target: targets[0],
      args: { ...args, LIBRARIES },
    },
    // buildpack-deps' compilers bring every library that Node links to.
    { name: `node:${line}-trixie`, root: full, ...image, target: targets[1], args },
    {
      name: `gcr.io/distroless/nodejs${line}-debian13:nonroot`,
      root: slim,
      dockerfile: 'distroless.Dockerfile',
      files: ['unpack-debs.sh'],
      target: 'nodejs',
      args: { LIBRARIES },
      downloads: [distroless, node],
    },
  ]
}

const nodes = Object.keys(nodeLines).map(Number) as (keyof typeof nodeLines)[]

/** The line of Node that the Dockerfiles name. */
const [, named] = /^ARG NODE_VERSION=(\d+)$/m.exec(
  readFileSync(join(import.meta.dirname, '../../apps/node-hello/Dockerfile'), 'utf8'),
) ?? ['']

/** Every base image that a Dockerfile of this repository starts from. */
export const bases: Base[] = [
  ...nodes.filter((line) => String(line) === named).flatMap(nodeBases),
  {
    name: 'gcr.io/distroless/static-debian13:nonroot',
    root: slim,
    dockerfile: 'distroless.Dockerfile',
    files: ['unpack-debs.sh'],
    target: 'static',
    downloads: [distroless],
  },
  {
    name: 'nginx:1.30-trixie',
    root: slim,
    dockerfile: 'nginx.Dockerfile',
    files: ['policy-rc.d', 'nginx/*'],
    downloads: [nginx],
  },
  {
    name: 'golang:1.27-trixie',
    root: scm,
    dockerfile: 'golang.Dockerfile',
    files: ['policy-rc.d', 'unpack-module.py'],
    network: { GOPROXY: goProxy() },
  },
  {
    name: 'python:3.13-slim-trixie',
    root: slim,
    builder: full,
    dockerfile: 'python.Dockerfile',
    files: pythonFiles,
    args: {
      // Those that the official image ends with, and libexpat1, which Debian does not compile into Python.
      PACKAGES:
        'ca-certificates libexpat1 libffi8 libgdbm6t64 libncursesw6 libreadline8t64 netbase openssl readline-common',
    },
    downloads: [python],
  },
  {
    name: 'python:3.13-trixie',
    root: full,
    builder: full,
    dockerfile: 'python.Dockerfile',
    files: pythonFiles,
    args: { PACKAGES: 'libbluetooth-dev tk-dev uuid-dev' },
    downloads: [python],
  },
  {
    name: 'rust:1.98-slim-trixie',
    root: slim,
    builder: slim,
    dockerfile: 'rust.Dockerfile',
    files: rustFiles,
    target: 'slim',
    downloads: [rust],
  },
  {
    name: 'rust:1.98-trixie',
    root: full,
    builder: slim,
    dockerfile: 'rust.Dockerfile',
    files: rustFiles,
    target: 'full',
    downloads: [rust],
  },
  {
    name: 'gcr.io/distroless/cc-debian13:nonroot',
    root: slim,
    dockerfile: 'distroless.Dockerfile',
    files: ['unpack-debs.sh'],
    target: 'cc',
    downloads: [distroless],
  },
  {
    name: 'gcr.io/distroless/python3-debian13:nonroot',
    root: slim,
    dockerfile: 'distroless.Dockerfile',
    files: ['unpack-debs.sh'],
    target: 'python',
    downloads: [distroless],
  },
]

/** Those of the other lines of Node, which the Dockerfiles build on by an argument. */
export const otherNodes = nodes.filter((line) => String(line) !== named).flatMap(nodeBases)

/** The first module proxy in GOPROXY, a list as the go command takes it; the public one, if it names none. */
function goProxy(): string {
  const proxies = (process.env.GOPROXY ?? '').split(/[,|]/)
  return proxies.find((proxy) => /^https?:/.test(proxy))?.replace(/\/$/, '') ?? 'https://proxy.golang.org'
}
