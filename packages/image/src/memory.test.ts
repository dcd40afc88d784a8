import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { archiveOf, build, digestOf, file, json, ociFiles, tarOf, writeStore } from '../test/archive.ts'
import { elfOf } from '../test/elf.ts'
import { type Image, readImage } from './image.ts'
import { storeReader } from './store.ts'

const MiB = 1024 * 1024
const BLOCKS = 1024

/** The header of one entry, and the zeros that end a tar. */
async function tarAround(name: string, size: number): Promise<[start: Buffer, end: Buffer]> {
  const tar = await tarOf([file(name, '', { mode: 0o755 })])
  const start = Buffer.from(tar.subarray(0, 512))
  start.write(`${size.toString(8).padStart(11, '0')} `, 124)
  start.fill(' ', 148, 156)
  const sum = start.reduce((total, byte) => total + byte, 0)
  start.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return [start, Buffer.alloc(1024)]
}

/** Its data segment reaches to the end of the file: there is no larger one to search. */
function programHead(size: number): Buffer {
  const head = elfOf()
  const fileSize = 64 + 56 + 32
  head.writeBigUInt64LE(BigInt(size), fileSize)
  return head
}

/** An image of one layer that is a program of a gigabyte. */
async function gigabyte() {
  const block = Buffer.concat([randomBytes(MiB / 64), Buffer.alloc(MiB - MiB / 64)])
  programHead(BLOCKS * MiB).copy(block)
  const [start, end] = await tarAround('big', BLOCKS * MiB)
  const diffId = createHash('sha256').update(start)
  for (let i = 0; i < BLOCKS; i++) diffId.update(block)
  const members = { start: gzipSync(start), block: gzipSync(block), end: gzipSync(end) }
  function* blob() {
    yield members.start
    for (let i = 0; i < BLOCKS; i++) yield members.block
    yield members.end
  }
  const digest = createHash('sha256')
  let bytes = 0
  for (const chunk of blob()) {
    digest.update(chunk)
    bytes += chunk.length
  }
  const path = `blobs/sha256/${digest.digest('hex')}`
  const config = json({ rootfs: { diff_ids: [`sha256:${diffId.update(end).digest('hex')}`] } })
  const manifest = json({
    config: { digest: digestOf(config) },
    layers: [{ digest: path.slice(6).replace('/', ':') }],
  })
  const files = ociFiles({ ...(await build({ layers: [] })), config, manifest })
  return { blob, bytes, path, manifest, files }
}

/** Reads, and holds what it says and the memory it takes against what is expected. */
async function readBounded(bytes: number, reading: Promise<Image>): Promise<void> {
  const baseline = process.memoryUsage.rss()
  let peak = baseline
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 10)
  const image = await reading.finally(() => clearInterval(timer))
  expect(image.layers).toMatchObject([
    { compressedBytes: bytes, unpackedBytes: BLOCKS * MiB, files: 1, found: [] },
  ])
  expect(peak - baseline).toBeLessThan(200 * MiB)
}

const needles = ['a needle that is not there']

describe('a layer that is a program of a gigabyte takes bounded memory', { timeout: 60_000 }, () => {
  it('in an archive', async () => {
    const { blob, bytes, path, files } = await gigabyte()
    const rest = await archiveOf(files)
    const [start] = await tarAround(path, bytes)
    const source = Readable.from(
      (function* () {
        yield start
        yield* blob()
        yield Buffer.alloc((512 - (bytes % 512)) % 512)
        yield rest
      })(),
    )
    await readBounded(bytes, readImage(source, { needles }))
  })

  it('in a store', async () => {
    const { blob, bytes, path, manifest, files } = await gigabyte()
    const directory = await mkdtemp(join(tmpdir(), 'image-store-'))
    try {
      await writeStore(directory, files)
      await writeFile(join(directory, path), blob())
      await readBounded(bytes, storeReader(directory, { needles })(digestOf(manifest)))
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})
