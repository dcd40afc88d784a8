import { randomUUID } from 'node:crypto'
import { appendFile, cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { readLocalImage } from '@stagecraft/contract'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const registryImage = 'stagecraft-test/registry'
const registry = { container: '', address: '' }
let copy: string

const docker = (...args: string[]) => execa('docker', args, { cwd: root })

type Vertex = { digest: string; name: string; cached?: boolean; started?: string; completed?: string }

/** Builds a target from the copied tree, and says which Dockerfile steps ran rather than came from the cache. */
async function build(target: string): Promise<string[]> {
  const { stderr } = await execa(
    'docker',
    ['buildx', 'bake', target, '--progress=rawjson', '--set', `${target}.tags=${tag(target)}`],
    {
      cwd: copy,
      env: { BUILDX_BUILDER: 'default' },
    },
  )
  const vertices = new Map<string, Vertex>()
  for (const line of stderr.split('\n').filter((text) => text.startsWith('{'))) {
    for (const vertex of (JSON.parse(line) as { vertexes?: Vertex[] }).vertexes ?? []) {
      vertices.set(vertex.digest, { ...vertices.get(vertex.digest), ...vertex })
    }
  }
  return [...vertices.values()]
    .filter(({ name, cached, completed }) => /\[.*\d+\/\d+\]/.test(name) && completed && !cached)
    .map(({ name }) => name.replace(/ \d+\/\d+\]/, ']'))
    .filter((name) => !name.includes('] FROM '))
}

const tag = (target: string): string => `${registry.address}/rebuild/${target}:latest`

type Manifest = { layers: { digest: string; size: number }[] }

/** Pushes an image and reads its manifest back from the registry, through the index that holds its provenance. */
async function push(target: string): Promise<Manifest> {
  await docker('push', '--quiet', tag(target))
  const manifest = async (reference: string): Promise<unknown> => {
    const accept = ['index', 'manifest'].map((kind) => `application/vnd.oci.image.${kind}.v1+json`).join(', ')
    const url = `http://${registry.address}/v2/rebuild/${target}/manifests/${reference}`
    return (await fetch(url, { headers: { accept } })).json()
  }
  const index = (await manifest('latest')) as { manifests: { digest: string; platform: { os: string } }[] }
  const image = index.manifests.find(({ platform }) => platform.os === 'linux')
  return (await manifest(image?.digest ?? '')) as Manifest
}

beforeAll(async () => {
  await docker(
    'build',
    '--builder=default',
    '--quiet',
    '--tag',
    registryImage,
    '--file',
    'packages/compare/test/registry.Dockerfile',
    'packages/compare/test',
  )
  const { stdout } = await docker('run', '--detach', '--rm', '--publish', '127.0.0.1::5000', registryImage)
  registry.container = stdout
  const { stdout: port } = await docker('port', stdout, '5000/tcp')
  registry.address = port.split('\n')[0] as string
  await vi.waitFor(
    async () => expect((await fetch(`http://${registry.address}/v2/`)).status).toBe(200),
    15_000,
  )

  copy = await mkdtemp(join(tmpdir(), 'stagecraft-rebuild-'))
  const { stdout: files } = await execa('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root })
  for (const file of files.split('\0').filter(Boolean)) {
    await mkdir(dirname(join(copy, file)), { recursive: true })
    await cp(join(root, file), join(copy, file))
  }
})

afterAll(async () => {
  await docker('rm', '--force', '--volumes', registry.container)
  const { stdout } = await docker('images', '--quiet', '--filter', `reference=${registry.address}/rebuild/*`)
  await docker('image', 'rm', '--force', registryImage, ...new Set(stdout.split('\n').filter(Boolean)))
  if (copy) await rm(copy, { recursive: true, force: true })
})

describe.each(['prod', 'distroless'])('after one changed line, express-api-%s', (variant) => {
  const target = `express-api-${variant}`
  let before: Manifest
  let after: Manifest
  let ran: string[]

  beforeAll(async () => {
    await build(target)
    before = await push(target)
    await appendFile(join(copy, 'apps/express-api/src/health.ts'), `// ${randomUUID()}\n`)
    ran = await build(target)
    after = await push(target)
  })

  it('reruns the prune, the compilation and the copy of what was compiled, and nothing else', () => {
    expect(ran.toSorted()).toEqual(
      [
        '[prune] COPY . .',
        '[prune] RUN turbo prune @stagecraft/express-api --docker',
        '[workspace] COPY --from=prune /repo/out/full/ ./',
        '[build] RUN pnpm --filter=@stagecraft/express-api build',
        `[${variant}] COPY --from=build /repo/apps/express-api/dist dist`,
      ].toSorted(),
    )
  })

  it('has the sizes that the registry has, to the byte', async () => {
    const { layers } = await readLocalImage(tag(target), join(root, '.cache/layers'))
    expect(layers.map(({ digest, compressedBytes: size }) => ({ digest, size }))).toEqual(
      after.layers.map(({ digest, size }) => ({ digest, size })),
    )
  })

  it('pushes one layer, of less than 20 kB', () => {
    const known = before.layers.map(({ digest }) => digest)
    const pushed = after.layers.filter(({ digest }) => !known.includes(digest))
    expect(pushed).toHaveLength(1)
    expect(pushed[0]?.size).toBeLessThan(20_000)
    expect(after.layers.at(-1)).toEqual(pushed[0])
  })
})
