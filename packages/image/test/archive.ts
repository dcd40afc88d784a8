/** Builds real image archives in memory, for the tests. */
import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { type Header, pack } from 'tar-stream'
import type { Compression } from '../src/decompress.ts'

export interface TestEntry extends Partial<Header> {
  name: string
  body?: string | Buffer
}

type Attributes = Pick<TestEntry, 'mode' | 'uid' | 'gid'>

export const file = (name: string, body: string | Buffer = '', attributes: Attributes = {}): TestEntry => ({
  name,
  body,
  ...attributes,
})
export const directory = (name: string): TestEntry => ({ name, type: 'directory' })
export const symlink = (name: string, linkname: string): TestEntry => ({ name, type: 'symlink', linkname })
export const hardLink = (name: string, linkname: string): TestEntry => ({ name, type: 'link', linkname })
export const deleted = (name: string): TestEntry => file(name.replace(/[^/]+$/, '.wh.$&'))
export const opaque = (name: string): TestEntry => file(`${name}/.wh..wh..opq`)

export async function tarOf(entries: TestEntry[]): Promise<Buffer> {
  const tar = pack()
  for (const { body, ...header } of entries) {
    if (body === undefined) tar.entry({ mtime: new Date(0), ...header })
    else tar.entry({ mtime: new Date(0), ...header }, body)
  }
  tar.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of tar as AsyncIterable<unknown> as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

/** As an HTTP body comes: in chunks that know nothing of blocks. */
export function streamOf(bytes: Buffer, chunk = 50_001): Readable {
  return Readable.from(
    (function* () {
      for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk)
    })(),
    { objectMode: false },
  )
}

export interface TestImage {
  /** Each layer's entries, or its tar. */
  layers: (TestEntry[] | Buffer)[]
  compression?: Compression
  os?: string
  architecture?: string
  config?: object
  history?: object[]
}

export interface BuiltImage {
  blobs: Buffer[]
  diffIds: string[]
  config: Buffer
  manifest: Buffer
  platform: { os: string; architecture: string }
}

export async function build({
  layers,
  compression = 'gzip',
  os = 'linux',
  architecture = 'amd64',
  config = {},
  history = [],
}: TestImage): Promise<BuiltImage> {
  const tars = await Promise.all(layers.map((layer) => (Buffer.isBuffer(layer) ? layer : tarOf(layer))))
  const diffIds = tars.map(digestOf)
  const blobs = tars.map((tar) => compressed(tar, compression))
  const rootfs = { type: 'layers', diff_ids: diffIds }
  const configBlob = json({ os, architecture, config, rootfs, history })
  const manifest = json({
    schemaVersion: 2,
    config: { digest: digestOf(configBlob), size: configBlob.length },
    layers: blobs.map((blob) => ({ digest: digestOf(blob), size: blob.length })),
  })
  return { blobs, diffIds, config: configBlob, manifest, platform: { os, architecture } }
}

/** An archive's files by path, in order: to be changed by a test, then given to {@link archiveOf}. */
export type ArchiveFiles = Map<string, Buffer | { symlink: string }>

/** As an engine with the containerd image store writes it: the blobs first, then what explains them. */
export function ociFiles(image: BuiltImage): ArchiveFiles {
  const files: ArchiveFiles = new Map()
  for (const blob of [...image.blobs, image.config, image.manifest]) files.set(blobPath(blob), blob)
  files.set('index.json', json({ manifests: [{ digest: digestOf(image.manifest) }] }))
  const paths = { Config: blobPath(image.config), Layers: image.blobs.map(blobPath) }
  files.set('manifest.json', json([paths]))
  files.set('oci-layout', json({ imageLayoutVersion: '1.0.0' }))
  return files
}

/** An index of two platforms and an attestation, in the index of the layout. */
export async function multiPlatform(): Promise<{ files: ArchiveFiles; images: BuiltImage[] }> {
  const attestation = json({ config: { digest: digestOf(json({})) }, layers: [] })
  const images = await Promise.all(
    ['amd64', 'arm64'].map((architecture) => build({ architecture, layers: [[file(architecture)]] })),
  )
  const index = json({
    manifests: [
      ...images.map(({ manifest, platform }) => ({ digest: digestOf(manifest), platform })),
      {
        digest: digestOf(attestation),
        platform: { os: 'unknown', architecture: 'unknown' },
        annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
      },
    ],
  })
  const files: ArchiveFiles = new Map()
  for (const image of images)
    for (const [path, content] of ociFiles(image))
      if (path.startsWith('blobs/') || path === 'oci-layout') files.set(path, content)
  files.set(blobPath(attestation), attestation)
  files.set(blobPath(index), index)
  files.set('index.json', json({ manifests: [{ digest: digestOf(index) }] }))
  return { files, images }
}

/** As Docker wrote it before 25: a folder a layer, and a layer that comes twice as a symlink. */
export function legacyFiles(image: BuiltImage): ArchiveFiles {
  const files: ArchiveFiles = new Map()
  const ids = image.blobs.map((blob, index) => digestOf(Buffer.concat([blob, Buffer.from([index])])).slice(7))
  image.blobs.forEach((blob, index) => {
    const first = image.blobs.findIndex((other) => other.equals(blob))
    files.set(`${ids[index]}/VERSION`, Buffer.from('1.0'))
    files.set(`${ids[index]}/json`, json({ id: ids[index] }))
    files.set(`${ids[index]}/layer.tar`, first === index ? blob : { symlink: `../${ids[first]}/layer.tar` })
  })
  const config = `${digestOf(image.config).slice(7)}.json`
  files.set(config, image.config)
  files.set('manifest.json', json([{ Config: config, Layers: ids.map((id) => `${id}/layer.tar`) }]))
  files.set('repositories', json({}))
  return files
}

export function archiveOf(files: ArchiveFiles): Promise<Buffer> {
  return tarOf(
    Array.from(files, ([name, content]) =>
      Buffer.isBuffer(content) ? file(name, content) : symlink(name, content.symlink),
    ),
  )
}

/** Writes an archive's blobs as a store has them. */
export async function writeStore(directory: string, files: ArchiveFiles): Promise<void> {
  for (const [path, content] of files) {
    if (!path.startsWith('blobs/') || !Buffer.isBuffer(content)) continue
    await mkdir(dirname(join(directory, path)), { recursive: true })
    await writeFile(join(directory, path), content)
  }
}

export async function ociArchive(image: TestImage): Promise<Readable> {
  return streamOf(await archiveOf(ociFiles(await build(image))))
}

export function blobPath(blob: Buffer): string {
  return `blobs/${digestOf(blob).replace(':', '/')}`
}

export function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}

function compressed(tar: Buffer, compression: Compression): Buffer {
  if (compression === 'gzip') return gzipSync(tar)
  if (compression === 'zstd') return zstdCompressSync(tar)
  return tar
}
