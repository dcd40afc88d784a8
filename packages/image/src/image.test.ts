import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  type ArchiveFiles,
  archiveOf,
  type BuiltImage,
  blobPath,
  build,
  deleted,
  digestOf,
  file,
  hardLink,
  json,
  legacyFiles,
  multiPlatform,
  ociArchive,
  ociFiles,
  streamOf,
  tarOf,
  writeStore,
} from '../test/archive.ts'
import type { Compression } from './decompress.ts'
import { type Image, type ReadOptions, readImage, readImageFile } from './image.ts'
import { storeReader } from './store.ts'

const layers = [[file('etc/os-release', 'NAME=x'), file('bin/a', 'aaaa')], [file('bin/b', 'bb')]]
const history = [
  { created_by: 'ADD rootfs.tar /' },
  { created_by: 'ENV A=1', empty_layer: true },
  { created_by: 'COPY b /bin/' },
]

/** Reads an archive as a stream and as a file, and its blobs as a store: all have to say the same. */
async function read(files: ArchiveFiles, options?: ReadOptions): Promise<Image> {
  const archive = await archiveOf(files)
  const outcome = await settle(readImage(streamOf(archive), options))
  expect(await settle(readFile(archive, options))).toEqual(outcome)
  const root = rootOf(files)
  if (root) expect(await settle(readStored(files, root, options))).toEqual(outcome)
  if ('image' in outcome) return outcome.image
  throw outcome.error
}

function settle(reading: Promise<Image>): Promise<{ image: Image } | { error: unknown }> {
  return reading.then(
    (image) => ({ image }),
    ({ name, code, message }) => ({ error: { name, code, message } }),
  )
}

function rootOf(files: ArchiveFiles): string | undefined {
  try {
    return JSON.parse(String(files.get('index.json'))).manifests[0].digest
  } catch {
    return undefined
  }
}

async function inDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'image-'))
  try {
    return await use(directory)
  } finally {
    await rm(directory, { recursive: true })
  }
}

const readStored = (files: ArchiveFiles, root: string, { platform, ...options }: ReadOptions = {}) =>
  inDirectory(async (directory) => {
    await writeStore(directory, files)
    return await storeReader(directory, options)(root, { platform })
  })

const readFile = (archive: Buffer, options?: ReadOptions) =>
  inDirectory(async (directory) => {
    const path = join(directory, 'image.tar')
    await writeFile(path, archive)
    return await readImageFile(path, options)
  })

describe('every form of archive', () => {
  it.each<[string, Compression, (image: BuiltImage) => ArchiveFiles, string | undefined]>([
    ['an OCI layout of gzip layers', 'gzip', ociFiles, 'manifest'],
    ['an OCI layout of zstd layers', 'zstd', ociFiles, 'manifest'],
    ['an OCI layout of plain layers', 'none', ociFiles, 'manifest'],
    ['the form before Docker 25', 'none', legacyFiles, undefined],
  ])('%s gives the same facts', async (_, compression, files, manifest) => {
    const built = await build({ layers, history, compression })
    const image = await read(files(built))

    expect(image.configDigest).toBe(digestOf(built.config))
    expect(image.manifestDigest).toBe(manifest && digestOf(built.manifest))
    expect(image.rawConfig).toBe(built.config.toString())
    expect(image.unpackedBytes).toBe(12)
    expect(image.layers).toMatchObject([
      { diffId: built.diffIds[0], compression, unpackedBytes: 10, files: 2, createdBy: 'ADD rootfs.tar /' },
      { diffId: built.diffIds[1], compression, unpackedBytes: 2, files: 1, createdBy: 'COPY b /bin/' },
    ])
    expect(image.layers.map((layer) => layer.digest)).toEqual(built.blobs.map(digestOf))
  })

  it('reads the entries in any order and in chunks of any size', async () => {
    const files = ociFiles(await build({ layers }))
    const backwards = await archiveOf(new Map([...files].reverse()))
    const forwards = await readImage(streamOf(await archiveOf(files)))

    for (const chunk of [7, 512, 4096, backwards.length])
      expect(await readImage(streamOf(backwards, chunk))).toEqual(forwards)
  })

  it('reads a config as an engine writes it', async () => {
    const config = {
      User: '1000:1000',
      Env: ['PATH=/bin'],
      Entrypoint: ['node'],
      Cmd: ['main.js'],
      WorkingDir: '/app',
      ExposedPorts: { '8080/tcp': {} },
      Volumes: { '/data': {} },
      Labels: { title: 'x' },
      Healthcheck: { Test: ['CMD', 'probe'], Interval: 3e10, Retries: 3 },
      StopSignal: 'SIGQUIT',
    }
    const image = await readImage(await ociArchive({ layers, config, history }))
    expect(image.config).toMatchObject({
      os: 'linux',
      architecture: 'amd64',
      user: '1000:1000',
      env: ['PATH=/bin'],
      entrypoint: ['node'],
      cmd: ['main.js'],
      workdir: '/app',
      exposedPorts: ['8080/tcp'],
      volumes: ['/data'],
      labels: { title: 'x' },
      healthcheck: { test: ['CMD', 'probe'], interval: 3e10, timeout: 0, retries: 3 },
      stopSignal: 'SIGQUIT',
    })
    expect(image.config.history.map((entry) => entry.emptyLayer)).toEqual([false, true, false])
  })

  it('leaves empty what a config does not say', async () => {
    const { config } = await readImage(await ociArchive({ layers: [] }))
    expect(config).toMatchObject({
      user: '',
      env: [],
      labels: {},
      healthcheck: null,
      history: [],
      diffIds: [],
    })
  })

  it('finds a layer that comes twice, in the form before Docker 25 as a link', async () => {
    const twice = [layers[0] ?? [], layers[0] ?? []]
    for (const files of [legacyFiles, ociFiles]) {
      const image = await read(files(await build({ layers: twice, compression: 'none' })))
      expect(image.layers.map((layer) => layer.files)).toEqual([2, 2])
    }
  })
})

describe('sizes', () => {
  it('counts a compressed blob to the byte', async () => {
    for (const compression of ['gzip', 'zstd'] as const) {
      const built = await build({ layers, compression })
      const image = await read(ociFiles(built))
      const blobs = built.blobs.map((blob) => blob.length)

      expect(image.layers.map((layer) => layer.compressedBytes)).toEqual(blobs)
      expect(image.layers.some((layer) => layer.compressedIsEstimate)).toBe(false)
      expect(image.compressedBytes).toBe(built.config.length + (blobs[0] ?? 0) + (blobs[1] ?? 0))
    }
  })

  it('estimates what a plain layer is when pushed, and says so', async () => {
    const built = await build({
      layers: [[file('text', 'so it goes '.repeat(100_000))]],
      compression: 'none',
    })
    const [layer] = (await read(ociFiles(built))).layers

    expect(layer?.compressedIsEstimate).toBe(true)
    expect(layer?.compressedBytes).toBe(gzipSync(built.blobs[0] ?? '', { level: 6 }).length)
  })

  it('counts a blob that comes twice once for the pull, twice for the disk', async () => {
    const built = await build({ layers: [layers[0] ?? [], layers[0] ?? []] })
    const image = await read(ociFiles(built))

    expect(image.compressedBytes).toBe(built.config.length + (built.blobs[0]?.length ?? 0))
    expect(image.unpackedBytes).toBe(20)
  })

  it('counts a hard-linked file once and a whiteout not at all', async () => {
    const layer = [file('a', '12345'), hardLink('b', 'a'), deleted('c')]
    const [facts] = (await readImage(await ociArchive({ layers: [layer] }))).layers
    expect(facts).toMatchObject({ unpackedBytes: 5, files: 2 })
  })
})

describe('platforms', () => {
  it('takes the asked one out of a nested index', async () => {
    const { files, images } = await multiPlatform()
    const image = await read(files, { platform: 'linux/arm64' })
    expect(image.manifestDigest).toBe(digestOf(images[1]?.manifest ?? Buffer.of()))
    expect(image.config.architecture).toBe('arm64')
  })

  it('takes the only one whose blobs are there', async () => {
    const { files, images } = await multiPlatform()
    for (const blob of images[1]?.blobs ?? []) files.delete(blobPath(blob))
    expect((await read(files)).config.architecture).toBe('amd64')
    files.delete(blobPath(images[1]?.manifest ?? Buffer.of()))
    expect((await read(files)).config.architecture).toBe('amd64')
  })

  it('ignores attestations', async () => {
    const { files, images } = await multiPlatform()
    for (const part of [...(images[1]?.blobs ?? []), images[1]?.manifest ?? Buffer.of()])
      files.delete(blobPath(part))
    expect((await read(files)).manifestDigest).toBe(digestOf(images[0]?.manifest ?? Buffer.of()))
  })

  it('refuses to guess between several', async () => {
    const { files } = await multiPlatform()
    await expect(read(files)).rejects.toMatchObject({
      code: 'PLATFORM_AMBIGUOUS',
      message: 'There are several images: linux/amd64, linux/arm64. Ask for one: --platform linux/amd64',
    })
  })

  it('names those it has when the asked one is not there', async () => {
    const { files } = await multiPlatform()
    await expect(read(files, { platform: 'linux/s390x' })).rejects.toMatchObject({
      code: 'PLATFORM_MISSING',
      message:
        'There is no image for linux/s390x, only for linux/amd64, linux/arm64. Build or pull it for linux/s390x, or ask for one of those.',
    })
    await expect(read(files, { platform: 'linux/arm' })).rejects.toMatchObject({ code: 'PLATFORM_MISSING' })
  })
})

describe('a broken archive', () => {
  it('that is cut anywhere is cut short', { timeout: 30_000 }, async () => {
    for (const compression of ['gzip', 'zstd', 'none'] as const) {
      const whole = await archiveOf(ociFiles(await build({ layers, compression })))
      for (let length = 0; length < whole.length - 1024; length += length % 512 === 0 ? 1 : 511)
        await expect(readImage(streamOf(whole.subarray(0, length)))).rejects.toMatchObject({
          code: length > 0 && length < 512 ? 'ARCHIVE_NOT_TAR' : 'ARCHIVE_CUT_SHORT',
        })
    }
  })

  it('that is no tar says so', async () => {
    for (const body of ['{"message":"No such image: x"}', 'no tar '.repeat(1000)])
      await expect(readImage(streamOf(Buffer.from(body)))).rejects.toMatchObject({ code: 'ARCHIVE_NOT_TAR' })
    const zipped = gzipSync(await archiveOf(ociFiles(await build({ layers }))))
    await expect(readImage(streamOf(zipped))).rejects.toMatchObject({ code: 'ARCHIVE_NOT_TAR' })
  })

  it('whose stream fails keeps the cause', async () => {
    const whole = await archiveOf(ociFiles(await build({ layers })))
    const cause = new Error('socket hang up')
    const source = Readable.from(
      (async function* () {
        yield whole.subarray(0, 1500)
        throw cause
      })(),
    )
    await expect(readImage(source)).rejects.toMatchObject({
      code: 'ARCHIVE_STREAM_FAILED',
      cause,
      message: "The image archive's stream failed after 1500 bytes: socket hang up. Save the image again.",
    })
  })

  it('ends at once and closes the source, though more was to come', async () => {
    const built = await build({ layers })
    const files = ociFiles(built)
    files.set(blobPath(built.config), Buffer.from('{"not":"the config"}'))
    const source = new Readable({ read() {} })
    source.push((await archiveOf(files)).subarray(0, -1024))

    await expect(readImage(source)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' })
    expect(source.destroyed).toBe(true)
  })

  it('with a changed blob names both digests', async () => {
    const built = await build({ layers })
    const [blob] = built.blobs as [Buffer]
    const changed = Buffer.from(blob)
    changed[20] = ~(changed[20] ?? 0)
    const files = ociFiles(built).set(blobPath(blob), changed)
    await expect(read(files)).rejects.toMatchObject({
      code: 'DIGEST_MISMATCH',
      message: `The blob ${digestOf(blob)} is damaged: its bytes have the digest ${digestOf(changed)}. Save, build or pull the image again.`,
    })
  })

  it('with a changed config is told by its name in the form before Docker 25 too', async () => {
    const built = await build({ layers, compression: 'none' })
    const files = legacyFiles(built)
    files.set(`${digestOf(built.config).slice(7)}.json`, json({ rootfs: { diff_ids: [] } }))
    await expect(read(files)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' })
  })

  it.each([
    ['NO_MANIFEST', () => ['index.json', 'manifest.json']],
    ['MANIFEST_MISSING', ({ manifest }: BuiltImage) => [blobPath(manifest)]],
    ['CONFIG_MISSING', ({ config }: BuiltImage) => [blobPath(config)]],
    ['LAYER_MISSING', ({ blobs }: BuiltImage) => [blobPath(blobs[1] as Buffer)]],
  ])('without a part of it gives %s', async (code, parts) => {
    const built = await build({ layers })
    const files = ociFiles(built)
    for (const part of parts(built)) files.delete(part)
    await expect(read(files)).rejects.toMatchObject({ name: 'ImageArchiveError', code })
  })

  it('with nothing in it has no manifest', async () => {
    await expect(read(new Map())).rejects.toMatchObject({ code: 'NO_MANIFEST' })
  })

  it.each([
    ['no JSON', Buffer.from('{"manifests": [')],
    ['no manifests', json({})],
    ['a digest that is a path', json({ manifests: [{ digest: '../../etc/passwd' }] })],
  ])('whose index has %s is invalid', async (_, index) => {
    const files = ociFiles(await build({ layers })).set('index.json', index)
    await expect(read(files)).rejects.toMatchObject({ code: 'DOCUMENT_INVALID' })
  })

  it('whose config is larger than any config is refused, and a large attestation is not', async () => {
    const built = await build({ layers, config: { Labels: { x: 'x'.repeat(5 << 20) } } })
    await expect(read(ociFiles(built))).rejects.toMatchObject({ code: 'DOCUMENT_TOO_LARGE' })

    const sbom = json({ packages: 'x'.repeat(5 << 20) })
    const files = ociFiles(await build({ layers }))
    expect((await read(new Map([[blobPath(sbom), sbom], ...files]))).layers).toHaveLength(2)
  })

  it('whose layers are not those of the config is refused', async () => {
    const built = await build({ layers })
    const swapped = { ...built, blobs: built.blobs.toReversed() }
    swapped.manifest = json({
      config: { digest: digestOf(built.config) },
      layers: swapped.blobs.map((blob) => ({ digest: digestOf(blob) })),
    })
    await expect(read(ociFiles(swapped))).rejects.toMatchObject({ code: 'DIFF_ID_MISMATCH' })

    const legacy = await build({ layers, compression: 'none' })
    legacy.blobs.pop()
    await expect(read(legacyFiles(legacy))).rejects.toMatchObject({ code: 'DIFF_ID_MISMATCH' })
  })
})

describe('a broken layer, its digest right', () => {
  async function withLayer(blob: Buffer) {
    const built = await build({ layers })
    const manifest = json({
      config: { digest: digestOf(built.config) },
      layers: [{ digest: digestOf(blob) }],
    })
    return read(ociFiles({ ...built, blobs: [blob], manifest }))
  }

  it.each(['gzip', 'zstd'] as const)('whose %s data ends in the middle is cut short', async (compression) => {
    const [blob] = (await build({ layers, compression })).blobs as [Buffer]
    const cut = blob.subarray(0, -10)
    await expect(withLayer(cut)).rejects.toMatchObject({
      code: 'LAYER_CUT_SHORT',
      message: `The layer ${digestOf(cut)} cannot be read: its ${compression} data ends in the middle. Build or pull the image again.`,
    })
  })

  it.each(['gzip', 'zstd'] as const)('whose %s data is damaged is corrupt', async (compression) => {
    const [blob] = (await build({ layers, compression })).blobs as [Buffer]
    const damaged = Buffer.from(blob).fill(0xff, 12, 40)
    await expect(withLayer(damaged)).rejects.toMatchObject({ code: 'LAYER_CORRUPT' })
  })

  it('whose tar ends in the middle is cut short', async () => {
    const cut = (await tarOf(layers[0] ?? [])).subarray(0, 600)
    await expect(withLayer(cut)).rejects.toMatchObject({ code: 'LAYER_CUT_SHORT' })
    await expect(withLayer(gzipSync(cut))).rejects.toMatchObject({ code: 'LAYER_CUT_SHORT' })
  })

  it('that holds no tar says so', async () => {
    const text = Buffer.from('not a tar '.repeat(200))
    for (const blob of [text, gzipSync(text), Buffer.of()])
      await expect(withLayer(blob)).rejects.toMatchObject({ code: 'LAYER_NOT_TAR' })
  })

  it('does not matter when the image does not use it', async () => {
    const files = ociFiles(await build({ layers }))
    const bad = gzipSync(Buffer.from('not a tar '.repeat(200)))
    expect((await read(files.set(blobPath(bad), bad))).layers).toHaveLength(2)
  })
})
