// Measures what docs/faults.md shows, which takes half an hour: node tests/faults/publish.ts [app...]
import { readFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { openBakeImage } from '@stagecraft/contract'
import { bake, bakeImages } from '@stagecraft/engine'
import { replaceFile } from '@stagecraft/engine/replace-file'
import { killInWrites } from './kills.ts'
import { stopUnderLoad, throughput } from './load.ts'
import { sendMalformed } from './malformed.ts'

const root = join(import.meta.dirname, '../..')
await bake(root, ['prod'])
const file = join(root, 'docs/faults.json')
const before = JSON.parse(await readFile(file, 'utf8'))
const apps = process.argv.slice(2)
const images = (await bakeImages(root)).filter(({ variant }) => variant === 'prod')
const found = []
for (const image of images) {
  if (apps.length > 0 && !apps.includes(image.app)) {
    found.push(...before.images.filter((each: { image: string }) => each.image === image.image))
    continue
  }
  await using subject = await openBakeImage(root, image)
  console.error(`${image.image}: under load, with and without a container`)
  const load = await throughput(subject, 5, 4)
  console.error(`${image.image}: stopped under load`)
  const stops = await stopUnderLoad(subject, 20, 2500)
  console.error(`${image.image}: sent what is malformed`)
  const malformed = await sendMalformed(subject, 10_000, Date.now() % 1e6)
  found.push({ image: image.image, load, stops, malformed })
}
let { kills } = before
if (apps.length === 0 || apps.includes('express-api')) {
  console.error('express-api: killed in the middle of writes')
  kills = await killInWrites(50)
}
const date = new Date().toISOString().slice(0, 10)
await replaceFile(
  file,
  `${JSON.stringify({ date, cpus: cpus().length, images: found, kills }, undefined, 2)}\n`,
)
console.error('docs/faults.json is written. Now: pnpm vitest run --project unit tests/faults -u')
