import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MeasureOptions, measure, type News } from '@stagecraft/compare/measure'
import { bakeImages, ownerLabel, removedWithThisProcess } from '@stagecraft/engine'
import { reportProblems } from '@stagecraft/report'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, it } from 'vitest'

const app = `fixture-${randomUUID().slice(0, 8)}`
const good = `
FROM node:26-trixie-slim
USER 1000
CMD ["node", "-e", "require('http').createServer((q, s) => s.end('ok')).listen(8080); process.on('SIGTERM', () => process.exit())"]
`
const dockerfiles = {
  prod: good,
  dev: good.replace('listen(8080)', 'unref()'),
  single: good.replace('USER', 'RUN echo what went wrong; exit 3\nUSER'),
}

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'measure-'))
  await mkdir(join(root, 'apps', app), { recursive: true })
  const config = { port: 8080, ready: '/', routes: [{ path: '/', status: 200 }] }
  await writeFile(join(root, 'apps', app, 'image.config.ts'), `export default ${JSON.stringify(config)}`)
  await writeFile(join(root, '.dockerignore'), '**')
  const target: Record<string, object> = {}
  for (const [variant, text] of Object.entries(dockerfiles)) {
    await writeFile(join(root, `${variant}.Dockerfile`), text)
    const tags = [`stagecraft/${app}:${variant}`]
    target[variant] = { dockerfile: `${variant}.Dockerfile`, tags, labels: removedWithThisProcess() }
  }
  const group = { all: { targets: Object.keys(target) } }
  await writeFile(join(root, 'docker-bake.json'), JSON.stringify({ group, target }))
})
afterAll(() => rm(root, { recursive: true }))

async function measured(part: Partial<MeasureOptions> = {}) {
  const news: News[] = []
  const images = await bakeImages(root)
  const [prod, others] = [true, false].map((is) =>
    images.filter(({ variant }) => (variant === 'prod') === is),
  )
  const report = await measure([prod ?? [], others ?? []], {
    root,
    build: true,
    contract: false,
    runs: 1,
    signal: new AbortController().signal,
    onReport: (grown, what) => {
      expect(reportProblems(JSON.parse(JSON.stringify(grown)))).toEqual([])
      news.push(what)
    },
    ...part,
  })
  return { report, news }
}

it('images that are not there say how to get them', async () => {
  const { report } = await measured({ build: false })
  expect(report.images).toEqual([])
  expect(report.failures?.map(({ step, message }) => `${step}: ${message}`).toSorted()).toEqual(
    ['dev', 'prod', 'single'].map(
      (variant) =>
        `build: There is no image stagecraft/${app}:${variant}. Leave out --no-build to have it built.`,
    ),
  )
})

it('an image that does not build, and one that does not start, cost themselves alone', async () => {
  const { report, news } = await measured()
  expect(report.state).toBe('done')
  expect(report.images.map(({ variant }) => variant)).toEqual(['prod'])
  expect(report.images[0]?.run.startToReadyMs.runs).toBe(1)
  expect(report.failures).toEqual([
    { app, variant: 'single', step: 'build', message: expect.stringContaining('what went wrong') },
    { app, variant: 'dev', step: 'start', message: expect.stringContaining('exited with code 0') },
  ])
  expect(news.at(-1)).toEqual({ ended: true })
  expect(report.planned).toHaveLength(3)
  const { stdout } = await execa('docker', [
    'ps',
    '--all',
    '--format={{.Image}}',
    `--filter=label=${ownerLabel}`,
  ])
  expect(stdout).not.toContain(app)
})

it('images whose base cannot be had fail, each with the reason', async () => {
  const { report } = await measured({ base: () => Promise.reject(new Error('no registry')) })
  expect(report.images).toEqual([])
  expect(report.failures?.map(({ step, message }) => `${step} ${message}`)).toEqual(
    Array(3).fill('base no registry'),
  )
})

it('what is interrupted keeps what it has', async () => {
  const interrupt = new AbortController()
  const { report } = await measured({
    signal: interrupt.signal,
    onReport: (_report, news) => 'image' in news && interrupt.abort(),
  })
  expect(report.state).toBe('interrupted')
  expect(report.images.map(({ variant }) => variant)).toEqual(['prod'])
})

it('an image that ends after its first answer costs itself alone', async () => {
  const ending = good.replace("s.end('ok')", "s.end('ok', () => setTimeout(process.exit, 200))")
  await writeFile(join(root, 'dev.Dockerfile'), ending)
  const { report } = await measured()
  expect(report.state).toBe('done')
  expect(report.images.map(({ variant }) => variant)).toEqual(['prod'])
  expect(report.failures?.map(({ variant, step }) => [variant, step])).toEqual([
    ['single', 'build'],
    ['dev', 'start'],
  ])
})

const told = (news: News[]) =>
  news.flatMap((each) =>
    'image' in each ? [[each.image.variant, each.image.run.startToReadyMs.runs, each.again]] : [],
  )

it('every image is started once before one is started again', async () => {
  await writeFile(join(root, 'dev.Dockerfile'), good)
  const { news } = await measured({ runs: 2 })
  expect(told(news)).toEqual([
    ['prod', 1, false],
    ['dev', 1, false],
    ['prod', 2, true],
    ['dev', 2, true],
  ])
})

it('a start while a base is being made does not count', async () => {
  await writeFile(join(root, 'dev.Dockerfile'), good.replace('-slim', ''))
  const made = Promise.withResolvers<void>()
  const base = async (name: string) => name.endsWith('slim') || made.promise
  const news: News[] = []
  await measured({
    base,
    onReport: (_report, what) => {
      news.push(what)
      if ('image' in what) made.resolve()
    },
  })
  expect(told(news)).toEqual([
    ['prod', 1, false],
    ['dev', 1, false],
    ['prod', 1, true],
  ])
})
