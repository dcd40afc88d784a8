import { join } from 'node:path'
import {
  checkImage,
  checksFor,
  openBakeImage,
  robustness,
  type Subject,
  sharedVolumeProblems,
} from '@stagecraft/contract'
import { bake, bakeImages, readLocalImages } from '@stagecraft/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const all = await bakeImages(root)
const { APP } = process.env
const images = APP ? all.filter(({ app }) => app === APP) : all
if (images.length === 0)
  throw new Error(`APP is ${APP}. There are: ${[...new Set(all.map(({ app }) => app))].join(', ')}.`)
const subjects = await Promise.all(images.map((image) => openBakeImage(root, image)))

async function expectKept(subject: Subject, id: string, skip: (note?: string) => void): Promise<void> {
  const { value } = await checkImage(subject, [id]).next()
  if (value?.verdict === 'excused') skip(value.detail)
  expect(value?.verdict, value?.detail).toBe('pass')
}

beforeAll(async () => {
  await bake(
    root,
    images.map(({ target }) => target),
  )
  const names = images.map(({ image }) => image)
  await readLocalImages(names)
})

// First, and with nothing else under way: what a start takes is promised in seconds.
describe('ready', () => {
  for (const subject of subjects) {
    for (const { id, promise } of checksFor(subject).filter(({ id }) => id === 'ready'))
      it.concurrent(`${subject.app}:${subject.variant} ${promise}`, ({ skip }) =>
        expectKept(subject, id, skip))
  }
})

afterAll(() => Promise.all(subjects.map((subject) => subject[Symbol.asyncDispose]())))

for (const subject of subjects) {
  // `flood` takes long: tests/robustness.
  const checks = [...checksFor(subject), ...checksFor(subject, robustness)].filter(
    ({ id }) => id !== 'ready' && id !== 'flood',
  )
  // Of one image one after the other, but for what waits most of its time: for the engine's probes, or in vain.
  const { 'read-only': excuse } = subject.config.excused?.[subject.variant] ?? {}
  const waits = new Set(['health', ...(excuse ? ['read-only'] : [])])
  const others = checks.filter(({ id }) => !waits.has(id))
  const waiting = checks.filter(({ id }) => waits.has(id))
  for (const group of [others, waiting])
    describe.concurrent(`${subject.app}:${subject.variant}`, () => {
      for (const { id, promise } of group)
        it(`${id}: ${promise}`, { concurrent: false }, ({ skip }) => expectKept(subject, id, skip))
    })
}

// The image of a running service is replaced, its volumes stay. `dev` has the sources and volumes of a desk.
const withVolumes = subjects.filter(({ config, variant }) => config.writable && variant !== 'dev')
for (const app of new Set(withVolumes.map(({ app }) => app)))
  it(`${app}: a volume goes from one image to another and back`, async () => {
    expect(await sharedVolumeProblems(withVolumes.filter((subject) => subject.app === app))).toEqual([])
  })
