import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sampleImage, sampleLayer, sampleReport } from '@stagecraft/report/test/sample'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { overBudget } from './budget.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'budget-'))
  await mkdir(join(root, 'apps/app'), { recursive: true })
  const config = {
    port: 1,
    ready: '/',
    routes: [{ path: '/', status: 200 }],
    budget: { prod: 2 },
  }
  await writeFile(join(root, 'apps/app/image.config.ts'), `export default ${JSON.stringify(config)}`)
})
afterAll(() => rm(root, { recursive: true }))

const image = (ownBytes: number, variant = 'prod') =>
  sampleImage({
    app: 'app',
    variant,
    base: { name: 'base', standIn: false, layers: 1 },
    layers: [sampleLayer(80_000_000), sampleLayer(ownBytes, 'COPY own . # buildkit')],
  })
const report = (...images: ReturnType<typeof image>[]) => sampleReport({ images })

it('an image may add its budget to its base, and not a byte more', async () => {
  expect(await overBudget(root, report(image(2_000_000)), report(image(1)))).toEqual([])
  const [over] = await overBudget(root, report(image(2_500_000)), report(image(1_000_000)))
  expect(over).toContain('app:prod adds 2.5 MB to its base, compressed: 0.5 more than its budget of 2.')
  expect(over).toContain('published → app:prod')
  expect(over).toMatch(/size +pull +81\.0 → 82\.5 MB, \+1\.5/)
})

it('one without a budget may add what it likes', async () => {
  expect(await overBudget(root, report(image(90_000_000, 'dev')), report(image(1)))).toEqual([])
})

it('one that was never published is told of without what has changed', async () => {
  const [over] = await overBudget(root, report(image(3_000_000)), report(image(1, 'dev')))
  expect(over).toBe('app:prod adds 3.0 MB to its base, compressed: 1.0 more than its budget of 2.')
})
