import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { bake, bakeImages, canary, canarySecret } from '@stagecraft/engine'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, it } from 'vitest'

/** What of a secret leaves the builder beside the image: with the cache that it exports, and with the provenance. */

const root = join(import.meta.dirname, '../..')
const prods = (await bakeImages(root)).filter(({ variant }) => variant === 'prod')
const images: typeof prods = []
// Of apps that share a build context, one: what installs packages is the same in all.
for (const image of prods)
  if (
    !images.some(({ context }) => context === image.context) &&
    (await readFile(join(root, image.dockerfile), 'utf8')).includes('type=secret')
  )
    images.push(image)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secrets-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A file of an OCI layout as it is, a layer without its compression. */
function plain(bytes: Buffer): Buffer {
  const magic = bytes.readUInt32BE(0)
  if (magic === 0x28b52ffd) return zstdDecompressSync(bytes)
  return magic >>> 16 === 0x1f8b ? gunzipSync(bytes) : bytes
}

/** Which files of an exported cache have the canary in them, and how many there are. */
async function search(cache: string): Promise<{ files: number; found: string[] }> {
  const blobs = join(cache, 'blobs/sha256')
  const names = await readdir(blobs)
  const found: string[] = []
  for (const name of names) if (plain(await readFile(join(blobs, name))).includes(canary)) found.push(name)
  return { files: names.length, found }
}

it.each(images)('$image leaves nothing of a secret in its cache and its provenance', async ({ target }) => {
  const cache = join(folder, target)
  const metadata = join(folder, `${target}.json`)
  await bake(root, [target], {
    args: [
      `--allow=fs.write=${folder}`,
      '--set=*.output=type=cacheonly',
      `--set=*.cache-to=type=local,dest=${cache},mode=max,compression=zstd`,
      `--metadata-file=${metadata}`,
    ],
    env: { BUILDX_METADATA_PROVENANCE: 'max' },
  })
  const { files, found } = await search(cache)
  expect(found).toEqual([])
  expect(files).toBeGreaterThan(2)
  const provenance = await readFile(metadata, 'utf8')
  expect(provenance).toContain('buildx.build.provenance')
  expect(provenance).not.toContain(canary)
  await rm(cache, { recursive: true })
})

it('a secret that a stage copies is in the cache, though not in the image', async () => {
  const cache = join(folder, 'leak')
  const input = `FROM node:26-trixie-slim AS build
RUN --mount=type=secret,id=npmrc cp /run/secrets/npmrc /token
FROM scratch
COPY --from=build /etc/os-release /
`
  const flags = [
    '--builder=default',
    '--no-cache',
    '--output=type=cacheonly',
    '--secret=id=npmrc,env=STAGECRAFT_CANARY',
  ]
  const to = `--cache-to=type=local,dest=${cache},mode=max,compression=zstd`
  await execa('docker', ['buildx', 'build', ...flags, to, '-'], { input, env: canarySecret.env })
  expect((await search(cache)).found).toHaveLength(1)
})
