import { createHash } from 'node:crypto'
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { debianMirror, installHostPackages } from './engine.ts'
import { attempt, root, run, SetupError, say } from './process.ts'

/** The label that tells a stand-in, and every image built on one, from an official image; its value is the recipe's digest. */
export const standInLabel = 'dev.stagecraft.stand-in'

const recipes = join(import.meta.dirname, 'bases')
const work = join(root, '.cache/bases')
const again = 'Check the network and the free disk space, then run this again.'

/** The versions that the official node:24 of September 2026 ships. */
const tools = { node: '24.21.0', npm: '11.19.0', corepack: '0.36.0', yarn: '1.22.22' }

type Root = { image: string; packages: string[]; slim: boolean }

const slim: Root = {
  image: 'stagecraft/stand-in-debian:trixie-slim',
  // Not in Debian's own slim image, but in every image that node's build leaves behind.
  packages: ['adduser'],
  slim: true,
}

/** buildpack-deps' three stages: curl, scm, full. */
const buildpack: Root = {
  image: 'stagecraft/stand-in-buildpack-deps:trixie',
  packages: [
    'adduser ca-certificates curl gnupg netbase sq wget',
    'git mercurial openssh-client subversion procps',
    'autoconf automake bzip2 default-libmysqlclient-dev dpkg-dev file g++ gcc imagemagick libbz2-dev libc6-dev',
    'libcurl4-openssl-dev libdb-dev libevent-dev libffi-dev libgdbm-dev libglib2.0-dev libgmp-dev libjpeg-dev',
    'libkrb5-dev liblzma-dev libmagickcore-dev libmagickwand-dev libmaxminddb-dev libncurses5-dev',
    'libncursesw5-dev libpng-dev libpq-dev libreadline-dev libsqlite3-dev libssl-dev libtool libwebp-dev',
    'libxml2-dev libxslt-dev libyaml-dev make patch unzip xz-utils zlib1g-dev',
  ].flatMap((line) => line.split(' ')),
  slim: false,
}

const roots = [slim, buildpack]

type Base = {
  name: string
  root: Root
  /** The recipe, and what it copies, in scripts/bases. */
  dockerfile: string
  files: string[]
  args: Record<string, string>
}

const nodeFiles = ['docker-entrypoint.sh', 'policy-rc.d']

/** Every base image that a Dockerfile of this repository starts from, and how to make its stand-in. */
export const bases: Base[] = [
  {
    name: 'node:24-trixie-slim',
    root: slim,
    dockerfile: 'node.Dockerfile',
    files: nodeFiles,
    args: {
      NODE_VERSION: tools.node,
      OPENSSL_ARCHS: process.arch === 'arm64' ? 'linux-aarch64' : 'linux-x86_64',
    },
  },
  {
    name: 'gcr.io/distroless/nodejs24-debian13:nonroot',
    root: slim,
    dockerfile: 'distroless-node.Dockerfile',
    files: [],
    args: {},
  },
  {
    name: 'node:24-trixie',
    root: buildpack,
    dockerfile: 'node.Dockerfile',
    files: nodeFiles,
    args: { NODE_VERSION: tools.node },
  },
]

/**
 * Sees to every base image: found locally, else pulled, else built as a stand-in under the official name.
 * @throws SetupError when a base can neither be pulled nor built
 */
export async function ensureBases(): Promise<void> {
  const missing: Base[] = []
  for (const base of bases) {
    const found = await label(base.name)
    if (found !== '' && found !== (await baseRecipe(base))) missing.push(base)
  }
  const unreachable: Base[] = []
  for (const base of missing) if (!(await pull(base.name))) unreachable.push(base)
  if (unreachable.length === 0) return

  await requireBuilder(unreachable)
  const folder = fetchTools()
  await Promise.all([
    // Listed here as well, so that its failure ends the run at once and not when a root happens to be done.
    folder,
    ...roots.map(async (one) => {
      const wanted = unreachable.filter((base) => base.root === one)
      if (wanted.length === 0) return
      await makeRoot(one)
      for (const base of wanted) await buildStandIn(base, await folder)
    }),
  ])
  await rm(work, { recursive: true, force: true })
}

/** Removes every stand-in, and the Debian roots under them. Official images stay. @returns the names removed */
export async function removeStandIns(): Promise<string[]> {
  const removed: string[] = []
  for (const name of [...bases.map((base) => base.name), ...roots.map(({ image }) => image)]) {
    if (!(await label(name))) continue
    await run(
      'docker',
      ['image', 'rm', '--force', name],
      'Stop the containers that use it, then run this again.',
    )
    removed.push(name)
  }
  return removed
}

/** The stand-in label of a local image: '' for an official one, undefined when there is no such image. */
async function label(name: string): Promise<string | undefined> {
  const format = `{{index .Config.Labels "${standInLabel}"}}`
  const { code, stdout } = await attempt('docker', ['image', 'inspect', '--format', format, name])
  return code === 0 ? stdout.trim() : undefined
}

async function pull(name: string): Promise<boolean> {
  // An unreachable registry fails at once or says nothing at all; a slow one keeps talking.
  const { code } = await attempt('docker', ['pull', name], { silenceMs: 30_000, log: 'pull' })
  if (code === 0) say('bases', `pulled ${name}`)
  return code === 0
}

async function requireBuilder(wanted: Base[]): Promise<void> {
  const names = wanted.map(({ name }) => name).join(', ')
  const next = `Give the engine a way to pull ${names}, or run this as root on Debian or Ubuntu.`
  if (process.getuid?.() !== 0 || (await attempt('apt-get', ['--version'])).code !== 0) {
    throw new SetupError(
      'No registry in reach, and stand-ins for the base images can only be built as root.',
      next,
    )
  }
  await installHostPackages(['mmdebstrap', 'ca-certificates', 'debian-archive-keyring'])
}

/** A digest of all that decides what a root, or a stand-in on it, holds: a changed recipe is made again. */
async function digest(data: unknown, files: string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(data))
  for (const file of files) hash.update(await readFile(join(recipes, file)))
  return hash.digest('hex').slice(0, 12)
}

const rootRecipe = (one: Root): Promise<string> => digest(one, ['rootfs.sh', 'slim.dpkg'])

async function baseRecipe({ root, dockerfile, files, args }: Base): Promise<string> {
  return digest([await rootRecipe(root), tools, args], [dockerfile, ...files])
}

/**
 * Makes a Debian root with mmdebstrap and gives it to the engine as a one-layer image.
 * @throws SetupError when the mirror is out of reach or the disk full; nothing half done is left
 */
export async function makeRoot(one: Root): Promise<void> {
  const recipe = await rootRecipe(one)
  if ((await label(one.image)) === recipe) return
  const suite = one.slim ? 'slim root' : 'full root with compilers and headers (the longest step)'
  say('bases', `building Debian trixie ${suite}`)
  const name = one.slim ? 'slim' : 'full'
  await mkdir(work, { recursive: true })
  // A name of its own: a run that was killed may have left children that still write to theirs.
  const temporary = await mkdtemp(join(work, `${name}-`))
  const tar = join(temporary, 'root.tar')
  const debootstrap = [
    // It mounts /proc, /sys and /dev into the root: in a namespace of its own, not even a kill leaves them mounted here.
    '--mount',
    '--',
    'mmdebstrap',
    '--mode=root',
    '--variant=minbase',
    '--format=tar',
    '--aptopt=Acquire::Languages "none"',
    '--aptopt=Acquire::Retries "3"',
    '--dpkgopt=force-unsafe-io',
    ...(one.slim ? [`--dpkgopt=${recipes}/slim.dpkg`] : []),
    `--include=${one.packages.join(',')}`,
    `--customize-hook=${recipes}/rootfs.sh`,
    'trixie',
    tar,
    `deb ${debianMirror} trixie main`,
    `deb ${debianMirror} trixie-updates main`,
    `deb ${debianMirror}-security trixie-security main`,
  ]
  const changes = [
    'CMD ["bash"]',
    'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    `LABEL ${standInLabel}=${recipe}`,
  ].flatMap((change) => ['--change', change])
  try {
    await run('unshare', debootstrap, again, {
      log: `base-${name}`,
      env: { ...process.env, TMPDIR: temporary },
    })
    await run('docker', ['image', 'import', ...changes, tar, one.image], again)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/** Lays out npm packages that hold Node, npm, corepack and yarn, and the host's certificate authorities. @returns the folder */
async function fetchTools(): Promise<string> {
  const wanted = [
    `node-linux-${process.arch}@${tools.node}`,
    `npm@${tools.npm}`,
    `corepack@${tools.corepack}`,
    `yarn@${tools.yarn}`,
  ]
  await mkdir(work, { recursive: true })
  const folder = await mkdtemp(join(work, 'tools-'))
  await writeFile(join(folder, 'package.json'), '{"private":true}')
  const flags = ['--ignore-scripts', '--no-bin-links', '--no-audit', '--no-fund', '--silent']
  await run('npm', ['install', ...flags, ...wanted], again, { cwd: folder, log: 'base-tools' })
  const { NODE_EXTRA_CA_CERTS, SSL_CERT_FILE } = process.env
  const authorities = NODE_EXTRA_CA_CERTS ?? SSL_CERT_FILE ?? '/etc/ssl/certs/ca-certificates.crt'
  await mkdir(join(folder, 'ca'))
  await copyFile(authorities, join(folder, 'ca/ca.crt'))
  return folder
}

async function buildStandIn(base: Base, toolsFolder: string): Promise<void> {
  say('bases', `building a stand-in for ${base.name}`)
  const args = { ...base.args, DEBIAN: base.root.image }
  await run(
    'docker',
    [
      'buildx',
      'build',
      '--builder=default',
      '--provenance=false',
      '--progress=plain',
      `--file=${join(recipes, base.dockerfile)}`,
      `--build-context=tools=${join(toolsFolder, 'node_modules')}`,
      `--build-context=ca=${join(toolsFolder, 'ca')}`,
      ...Object.entries(args).map(([key, value]) => `--build-arg=${key}=${value}`),
      `--label=${standInLabel}=${await baseRecipe(base)}`,
      `--tag=${base.name}`,
      recipes,
    ],
    again,
    { log: `base-${base.name.replaceAll(/[^a-z0-9]+/g, '-')}` },
  )
}
