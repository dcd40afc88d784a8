import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { archiveOf, build, file, json, ociFiles, tarOf } from '../test/archive.ts'
import { elfOf } from '../test/elf.ts'
import { readImage } from './image.ts'

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

it('reads a layer that is a program of a gigabyte in bounded memory', { timeout: 60_000 }, async () => {
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

  const config = json({ rootfs: { diff_ids: [`sha256:${diffId.update(end).digest('hex')}`] } })
  const hex = digest.digest('hex')
  const manifest = json({
    config: { digest: `sha256:${createHash('sha256').update(config).digest('hex')}` },
    layers: [{ digest: `sha256:${hex}` }],
  })
  const rest = await archiveOf(ociFiles({ ...(await build({ layers: [] })), config, manifest }))
  const [blobStart] = await tarAround(`blobs/sha256/${hex}`, bytes)

  const baseline = process.memoryUsage().rss
  let peak = baseline
  const source = Readable.from(
    (function* () {
      yield blobStart
      for (const chunk of blob()) {
        peak = Math.max(peak, process.memoryUsage().rss)
        yield chunk
      }
      yield Buffer.alloc((512 - (bytes % 512)) % 512)
      yield rest
    })(),
  )
  const image = await readImage(source, { needles: ['a needle that is not there'] })

  expect(image.layers).toMatchObject([
    { compressedBytes: bytes, unpackedBytes: BLOCKS * MiB, files: 1, found: [] },
  ])
  expect(peak - baseline).toBeLessThan(200 * MiB)
})
