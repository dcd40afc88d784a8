import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bake, pushAs, pushedLayers, readLocalImage, readSavedImage, startRegistry } from '@stagecraft/engine'
import { buildFixtureImages } from '@stagecraft/engine/test/fixture-images'
import { contents, type Image } from '@stagecraft/image'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

/** One image, as other tools write and copy it. */

const root = join(import.meta.dirname, '../..')
const name = 'stagecraft/go-hello:prod'
let folder: string
let image: Image

const commands = `
skopeo() { command skopeo --insecure-policy copy --quiet docker-archive:image.tar "$@"; }
skopeo oci:oci
skopeo oci-archive:oci.tar
skopeo docker-archive:docker.tar:copied:1
skopeo --dest-compress-format=zstd oci:zstd
skopeo --dest-compress-format=zstd:chunked oci:chunked
container=$(buildah --isolation=chroot from --quiet docker-archive:image.tar)
buildah commit --quiet --format=docker "$container" docker-archive:committed.tar:committed:1
buildah commit --quiet --format=oci --squash "$container" oci-archive:squashed.tar
`

beforeAll(async () => {
  await bake(root, ['go-hello-prod'])
  folder = await mkdtemp(join(tmpdir(), 'archives-'))
  image = await readLocalImage(name)
  await execa('docker', ['save', '--output', join(folder, 'image.tar'), name])
  const dockerfile = await readFile(join(import.meta.dirname, 'Dockerfile'), 'utf8')
  await using tools = await buildFixtureImages(import.meta.dirname, { tools: dockerfile })
  // buildah makes a namespace of its own.
  const may = ['--cap-add=SYS_ADMIN', '--security-opt=seccomp=unconfined', '--network=none']
  const where = [`--volume=${folder}:/work`, '--workdir=/work', '--entrypoint=sh']
  await execa('docker', ['run', '--rm', ...may, ...where, tools.reference('tools'), '-euc', commands])
})
afterAll(() => rm(folder, { recursive: true, force: true }))

interface Blob {
  digest: string
  size: number
}

/** A file of an OCI layout, in a folder or in a tar. */
async function readLayout(path: string, file: string): Promise<string> {
  if (!path.endsWith('.tar')) return readFile(join(path, file), 'utf8')
  return (await execa('tar', ['--extract', '--to-stdout', `--file=${path}`, file])).stdout
}

async function readManifest(path: string): Promise<{ config: Blob; layers: Blob[] }> {
  const { manifests } = JSON.parse(await readLayout(path, 'index.json')) as { manifests: Blob[] }
  const [, digest = ''] = manifests[0]?.digest.split(':') ?? []
  return JSON.parse(await readLayout(path, `blobs/sha256/${digest}`))
}

const archives = [
  // As the engine keeps them.
  { path: 'image.tar', compression: undefined, what: 'docker save' },
  { path: 'oci', compression: 'gzip', what: 'a layout of skopeo' },
  { path: 'oci.tar', compression: 'gzip', what: 'an archive of skopeo' },
  { path: 'docker.tar', compression: 'none', what: "skopeo's docker-archive" },
  { path: 'zstd', compression: 'zstd', what: 'a layout of skopeo with zstd' },
  { path: 'chunked', compression: 'zstd', what: 'a layout of skopeo with zstd:chunked' },
  { path: 'committed.tar', compression: 'none', what: 'a container that buildah commits' },
  { path: 'squashed.tar', compression: 'none', what: 'one layer of buildah' },
]

describe.each(archives)('$what', ({ path, compression }) => {
  let read: Image
  beforeAll(async () => {
    read = await readSavedImage(join(folder, path))
  })

  it('has in it what the image has', () => {
    expect(contents(read)).toEqual(contents(image))
    expect(read.unpackedBytes).toBe(image.unpackedBytes)
  })

  it('has the layers that its manifest names, to the byte', async () => {
    const wanted = compression ? [compression] : image.layers.map((layer) => layer.compression)
    expect(new Set(read.layers.map((layer) => layer.compression))).toEqual(new Set(wanted))
    // Docker's own form has no sizes.
    if (/docker|committed/.test(path))
      return expect(read.layers.every((layer) => layer.compressedIsEstimate)).toBe(true)
    const { config, layers } = await readManifest(join(folder, path))
    expect(read.layers.map(({ digest }) => digest)).toEqual(layers.map(({ digest }) => digest))
    if (wanted.includes('none')) return
    const distinct = new Map(layers.map(({ digest, size }) => [digest, size]))
    expect(read.compressedBytes).toBe([...distinct.values()].reduce((sum, size) => sum + size, config.size))
  })
})

it('a registry that it is pushed to has the same layers, to the byte', async () => {
  await using registry = await startRegistry()
  const reference = `${registry.address}/image:1`
  await pushAs(name, reference)
  const pushed = await pushedLayers(reference)
  expect(pushed.map(({ digest, size }) => ({ digest, size }))).toEqual(
    image.layers.map(({ digest, compressedBytes }) => ({ digest, size: compressedBytes })),
  )
})

it('of an index of two platforms, with attestations, the one that is asked for', async () => {
  const path = join(folder, 'platforms.tar')
  const platforms = ['linux/amd64', 'linux/arm64']
  const flags = [`--platform=${platforms}`, '--provenance=mode=max', `--output=type=oci,dest=${path}`]
  await execa('docker', ['buildx', 'build', '--builder=default', ...flags, '-'], {
    input: 'FROM scratch\nARG TARGETARCH\nCOPY <<END /file\n$TARGETARCH\nEND\n',
  })
  expect(await readLayout(path, 'index.json')).toContain('image.index')
  await expect(readSavedImage(path)).rejects.toThrow('linux/amd64, linux/arm64')
  for (const platform of platforms) {
    const { config, layers } = await readSavedImage(path, { platform })
    expect(config.architecture).toBe(platform.split('/')[1])
    expect(layers[0]?.entries.map((entry) => entry.path)).toEqual(['/file'])
  }
})

it('a layer that is elsewhere is named, with the next act', async () => {
  const path = join(folder, 'foreign')
  await cp(join(folder, 'oci'), path, { recursive: true })
  const { layers } = await readManifest(path)
  const [, digest = ''] = layers[0]?.digest.split(':') ?? []
  await rm(join(path, 'blobs/sha256', digest))
  await expect(readSavedImage(path)).rejects.toThrow(digest)
})
