import { createHash, type Hash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createZstdCompress } from 'node:zlib'

/** What a container of an image runs, and with what. */
export type ContainerConfig = { Cmd: string[]; Env: string[]; Labels: Record<string, string> }

type Blob = { digest: string; size: number }

/** A layer whose blob is in its folder. `diffId` is the digest of what it is unpacked. */
export type Layer = Blob & { diffId: string }

/**
 * Compresses a layer with zstd, as it comes.
 * @param tar what the layer holds, unpacked
 * @param folder of the archive; the blob goes where an OCI layout has it
 */
export async function writeLayer(tar: Readable, folder: string): Promise<Layer> {
  const blobs = join(folder, 'blobs/sha256')
  await mkdir(blobs, { recursive: true })
  const part = join(blobs, 'part')
  const [unpacked, packed] = [createHash('sha256'), createHash('sha256')]
  const zstd = createZstdCompress({
    params: { [constants.ZSTD_c_compressionLevel]: 1 },
  })
  await pipeline(tar, hashed(unpacked), zstd, hashed(packed), createWriteStream(part))
  const { size } = await stat(part)
  const hex = packed.digest('hex')
  await rename(part, join(blobs, hex))
  return { digest: `sha256:${hex}`, size, diffId: `sha256:${unpacked.digest('hex')}` }
}

function hashed(hash: Hash): Transform {
  return new Transform({
    transform(chunk, _, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
}

/**
 * Completes an OCI layout around a layer in it, so that `docker load` reads the image from a tar of the folder: an engine
 * with containerd's store by index.json, another one by manifest.json.
 * @param image its name, with a tag
 */
export async function writeLayout(
  folder: string,
  layer: Layer,
  image: string,
  config: ContainerConfig,
): Promise<void> {
  const writeBlob = async (value: unknown): Promise<Blob> => {
    const text = JSON.stringify(value)
    const hex = createHash('sha256').update(text).digest('hex')
    await writeFile(join(folder, 'blobs/sha256', hex), text)
    return { digest: `sha256:${hex}`, size: Buffer.byteLength(text) }
  }
  const { diffId, ...blob } = layer
  const type = 'application/vnd.oci.image'
  const made = new Date().toISOString()
  const configBlob = await writeBlob({
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    created: made,
    config,
    rootfs: { type: 'layers', diff_ids: [diffId] },
    history: [{ created: made, created_by: 'mmdebstrap' }],
  })
  const manifest = await writeBlob({
    schemaVersion: 2,
    mediaType: `${type}.manifest.v1+json`,
    config: { mediaType: `${type}.config.v1+json`, ...configBlob },
    layers: [{ mediaType: `${type}.layer.v1.tar+zstd`, ...blob }],
  })
  const annotations = {
    'io.containerd.image.name': `docker.io/${image}`,
    'org.opencontainers.image.ref.name': image.split(':').at(-1),
  }
  const path = ({ digest }: Blob): string => `blobs/${digest.replace(':', '/')}`
  const files = {
    'oci-layout': { imageLayoutVersion: '1.0.0' },
    'index.json': {
      schemaVersion: 2,
      mediaType: `${type}.index.v1+json`,
      manifests: [{ mediaType: `${type}.manifest.v1+json`, ...manifest, annotations }],
    },
    'manifest.json': [{ Config: path(configBlob), RepoTags: [image], Layers: [path(layer)] }],
  }
  for (const [name, value] of Object.entries(files))
    await writeFile(join(folder, name), JSON.stringify(value))
}
