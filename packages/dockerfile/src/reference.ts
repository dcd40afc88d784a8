/**
 * The whole name of an image, as registries have it: `node` is `docker.io/library/node:latest`.
 * @returns undefined for what names no image
 * @see https://github.com/distribution/reference ParseNormalizedNamed, TagNameOnly
 */
export function normalizeReference(text: string): string | undefined {
  if (text.length > 1000 || /^[a-f0-9]{64}$/.test(text)) return undefined
  const [head = '', ...folders] = text.split('/')
  const hasHost =
    folders.length > 0 && (/[.:]/.test(head) || head === 'localhost' || head !== head.toLowerCase())
  const host = hasHost ? head : 'docker.io'
  const rest = hasHost ? folders.join('/') : text
  const isHub = host === 'docker.io' || host === 'index.docker.io'
  const [, path = '', tag, digest] = /^([^:@]*)(?::([^@]*))?(?:@(.*))?$/s.exec(rest) ?? []
  if (!hostForm.test(host) || !pathForm.test(path) || host.length + path.length > 254) return undefined
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag)) return undefined
  if (
    digest !== undefined &&
    !/^(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128})$/.test(digest)
  )
    return undefined
  const name = `${isHub ? 'docker.io' : host}/${isHub && !path.includes('/') ? 'library/' : ''}${path}`
  return `${name}${tag !== undefined ? `:${tag}` : digest === undefined ? ':latest' : ''}${digest === undefined ? '' : `@${digest}`}`
}

const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*'
const pathForm = new RegExp(`^${component}(?:/${component})*$`)
const label = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?'
const hostForm = new RegExp(`^(?:${label}(?:\\.${label})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`)

const systems =
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos'.split(
    ' ',
  )
const architectures =
  '386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm i386 x86_64 x86-64 aarch64 armhf armel'.split(
    ' ',
  )

/**
 * Whether a text is a platform, as `linux/arm64`, `arm64` or `linux/arm/v7`.
 * @see https://github.com/containerd/platforms Parse
 */
export function isPlatform(text: string): boolean {
  const parts = text.split('/')
  if (
    parts.length > 3 ||
    !parts.every((part, index) => /^[\w-]+$/.test(index ? part : part.replace(/\([\w.%+-]*\)$/, '')))
  )
    return false
  const [only = ''] = parts
  return (
    parts.length > 1 ||
    systems.includes(only.toLowerCase()) ||
    only === 'macos' ||
    architectures.includes(only.toLowerCase())
  )
}

const otherNames: Readonly<Record<string, string>> = {
  i386: '386',
  x86_64: 'amd64',
  'x86-64': 'amd64',
  aarch64: 'arm64',
  armhf: 'arm',
  armel: 'arm/v6',
}

/** A platform with its system, as `linux/amd64` for `amd64`. */
export function normalizePlatform(text: string): string {
  const [first = '', ...rest] = text.toLowerCase().split('/')
  if (rest.length === 0)
    return systems.includes(first) ? `${first}/amd64` : `linux/${otherNames[first] ?? first}`
  const [architecture = '', ...variant] = rest
  return [first, otherNames[architecture] ?? architecture, ...variant].join('/')
}
