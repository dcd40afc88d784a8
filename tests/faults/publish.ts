// Measures what docs/faults.md shows, which takes half an hour: node tests/faults/publish.ts [--only load|stops|malformed|kills] [app...]
import { readFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openBakeImage } from '@stagecraft/contract'
import { bake, bakeImages } from '@stagecraft/engine'
import { replaceFile } from '@stagecraft/engine/replace-file'
import { killInWrites } from './kills.ts'
import { stopUnderLoad, throughput } from './load.ts'
import { sendMalformed } from './malformed.ts'

const root = join(import.meta.dirname, '../..')
await bake(root, ['prod'])
const file = join(root, 'docs/faults.json')
const { values, positionals: apps } = parseArgs({
  options: { only: { type: 'string' } },
  allowPositionals: true,
})
const before = JSON.parse(await readFile(file, 'utf8'))

/** Measures again what is asked for, and keeps the rest. */
async function measured<T>(what: string, app: string, kept: T, measure: () => Promise<T>): Promise<T> {
  if ((values.only && values.only !== what) || (apps.length > 0 && !apps.includes(app))) return kept
  console.error(`${app}: ${what}`)
  return measure()
}

const found = []
for (const image of (await bakeImages(root)).filter(({ variant }) => variant === 'prod')) {
  const { app } = image
  await using subject = await openBakeImage(root, image)
  const kept = before.images.find((each: { image: string }) => each.image === image.image) ?? {}
  found.push({
    image: image.image,
    load: await measured('load', app, kept.load, () => throughput(subject, 5, 4)),
    stops: await measured('stops', app, kept.stops, () => stopUnderLoad(subject, 20, 2500)),
    malformed: await measured('malformed', app, kept.malformed, () =>
      sendMalformed(subject, 10_000, Date.now() % 1e6),
    ),
  })
}
const kills = await measured('kills', 'express-api', before.kills, () => killInWrites(50))
const date = new Date().toISOString().slice(0, 10)
await replaceFile(
  file,
  `${JSON.stringify({ date, cpus: cpus().length, images: found, kills }, undefined, 2)}\n`,
)
console.error('docs/faults.json is written. Now: pnpm vitest run --project unit tests/faults -u')
