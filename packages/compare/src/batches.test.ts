import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BakeImage } from '@stagecraft/engine'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { inOrder, nameBatch, type OrderOptions } from './batches.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'batches-'))
  for (const base of ['small', 'large']) await writeFile(join(root, base), `FROM ${base}\nCOPY . /\n`)
})
afterAll(() => rm(root, { recursive: true }))

const image = (app: string, variant: BakeImage['variant'], base: string): BakeImage => ({
  app,
  variant,
  image: `stagecraft/${app}:${variant}`,
  target: `${app}-${variant}`,
  context: '.',
  dockerfile: base,
  args: {},
})
const page = image('page', 'prod', 'small')
const api = image('api', 'prod', 'large')
const dev = image('api', 'dev', 'small')
const single = image('api', 'single', 'large')

const quiet: OrderOptions = {
  base: async () => {},
  first: new Set(),
  signal: new AbortController().signal,
  onWait: () => {},
  onMissing: () => {},
}

/** The names of the batches, in the order in which they come. What has come is no longer waited for. */
async function orderOf(batches: BakeImage[][], part: Partial<OrderOptions>, first = new Set<BakeImage>()) {
  const names: string[] = []
  for await (const batch of inOrder(root, batches, { ...quiet, first, ...part })) {
    names.push(nameBatch(batch))
    for (const each of batch) first.delete(each)
  }
  return names
}

it('gives whole batches where every base is there', async () => {
  expect(
    await orderOf(
      [
        [page, api],
        [dev, single],
      ],
      {},
    ),
  ).toEqual(['page prod and api prod', 'api dev, single'])
})

it('gives what of a batch has its base, and the rest when its base comes', async () => {
  const large = Promise.withResolvers<void>()
  const base = async (name: string) => (name === 'large' ? large.promise : undefined)
  expect(await orderOf([[dev, single], [page]], { base, onWait: large.resolve })).toEqual([
    'api dev',
    'page prod',
    'api single',
  ])
})

it('gives a later batch one by one while an earlier one waits', async () => {
  const large = Promise.withResolvers<void>()
  const base = async (name: string) => (name === 'large' ? large.promise : undefined)
  const other = image('other', 'prod', 'small')
  const names: string[] = []
  const batches = [[single], [page, other, dev]]
  for await (const batch of inOrder(root, batches, { ...quiet, base })) {
    names.push(nameBatch(batch))
    if (names.length === 2) large.resolve()
  }
  expect(names).toEqual(['page prod', 'other prod', 'api single', 'api dev'])
})

it('gives no other batch while the first one waits', async () => {
  const large = Promise.withResolvers<void>()
  const base = async (name: string) => (name === 'large' ? large.promise : undefined)
  const names = await orderOf([[page, api], [dev]], { base, onWait: large.resolve }, new Set([page, api]))
  expect(names).toEqual(['page prod', 'api prod', 'api dev'])
})

it('tells of an image whose base cannot be had, and gives the others', async () => {
  const missing: string[] = []
  const base = async (name: string) => {
    if (name === 'large') throw new Error('no registry')
  }
  const names = await orderOf([[dev, single]], {
    base,
    onMissing: (each, error) => missing.push(`${each.variant} ${(error as Error).message}`),
  })
  expect([names, missing]).toEqual([['api dev'], ['single no registry']])
})

it('ends when no base can be had', async () => {
  const base = () => Promise.reject(new Error('no registry'))
  expect(await orderOf([[dev], [single]], { base })).toEqual([])
})
