import AxeBuilder from '@axe-core/playwright'
import { bake } from '@stagecraft/engine'
import type { ImageReport, Report } from '@stagecraft/report'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openPage } from './browser.ts'
import { root, type Stack, startStack, targetsOf } from './compose.ts'
import { compareImages, postReport } from './real-report.ts'

const images = ['react-spa-prod', 'react-spa-distroless']

let stack: Stack
let report: Report
let browser: Browser

beforeAll(async () => {
  await bake(root, [...targetsOf('prod'), ...images])
  ;[stack, report, browser] = await Promise.all([startStack(), compareImages(images), openBrowser()])
  await postReport(stack.url, report)
  // A second one, so that there is a history.
  await postReport(stack.url, { ...report, createdAt: new Date().toISOString() })
})
afterAll(async () => {
  await browser?.close()
  await stack?.[Symbol.asyncDispose]()
})

/** In CSS pixels; a page may scroll down, but not to the side. */
async function overflow(page: Page, width: number): Promise<number> {
  await page.setViewportSize({ width, height: 800 })
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

const image = (variant: string): ImageReport => {
  const found = report.images.find((one) => one.variant === variant)
  if (!found) throw new Error(`no ${variant} in the report`)
  return found
}

const paths: [path: string, heading: string][] = [
  ['/', 'Compare'],
  ['/images/react-spa/prod', 'react-spa:prod'],
  ['/builds', 'Builds'],
  ['/gallery', 'Gallery'],
  ['/dockerfile?file=apps/react-spa/Dockerfile&target=prod', 'Dockerfile'],
  ['/history/react-spa/prod', 'History'],
]

describe.concurrent.each(paths)('the page at %s', (path, heading) => {
  it.each(['light', 'dark'] as const)(
    'is whole, accessible and without an error on %s ground',
    async (colorScheme) => {
      await using watched = await openPage(browser, stack.url, { colorScheme })
      const { page, problems } = watched
      const foreign: string[] = []
      page.on('request', (request) => {
        if (!request.url().startsWith(stack.url) && !request.url().startsWith('data:'))
          foreign.push(request.url())
      })
      await page.goto(path, { waitUntil: 'networkidle' })
      await page.getByRole('heading', { level: 1, name: heading }).waitFor()
      expect(await page.title()).toContain(heading)
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([])
      for (const width of [360, 1920]) expect(await overflow(page, width), `at ${width} px`).toBe(0)
      expect({ problems, foreign }).toEqual({ problems: [], foreign: [] })
    },
  )
})

describe('the dashboard', () => {
  it('loads less than 200 KB before it shows the comparison', async () => {
    await using watched = await openPage(browser, stack.url)
    const { page } = watched
    await page.goto('/', { waitUntil: 'networkidle' })
    await page.getByRole('table').first().waitFor()
    const bytes = await page.evaluate(() =>
      [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .filter(({ name }) => !name.includes('/api/'))
        .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0),
    )
    expect(bytes).toBeGreaterThan(50_000)
    expect(bytes).toBeLessThan(200_000)
  })

  it('shows every image of the report with its size, and says which figures are of a stand-in', async () => {
    await using watched = await openPage(browser, stack.url)
    const { page } = watched
    await page.goto('/?size=disk')
    const table = page.getByRole('table', { name: 'Unpacked size of each image' })
    for (const { variant, size, base } of report.images) {
      const row = table
        .getByRole('row')
        .filter({ has: page.getByRole('link', { name: `react-spa:${variant}`, exact: true }) })
      const shown = (size.unpackedBytes / 1e6).toLocaleString('en', {
        maximumFractionDigits: 1,
        minimumFractionDigits: 1,
      })
      await row.getByRole('cell', { name: shown, exact: true }).waitFor()
      if (base.standIn) expect(await row.textContent()).toContain('stand-in')
    }
    if (report.images.some(({ base }) => base.standIn))
      await page
        .getByText(/official one was out of reach/i)
        .first()
        .waitFor()
  })

  it('sorts and filters the figures, and keeps both in the address', async () => {
    await using watched = await openPage(browser, stack.url)
    const { page } = watched
    await page.goto('/')
    const figures = page.getByRole('table').last()
    const variants = async () =>
      (await figures.getByRole('rowheader').allTextContents()).map((text) => text.trim())
    await expect.poll(variants).toHaveLength(images.length)
    await figures.getByRole('columnheader', { name: /Disk/ }).getByRole('button').click()
    await expect.poll(async () => (await variants())[0]).toMatch(/distroless/)
    await page.getByRole('searchbox').fill('distroless')
    await expect.poll(variants).toHaveLength(1)
    await page.reload()
    await expect.poll(variants).toHaveLength(1)
  })

  it('shows the layers, the packages and the kept promises of an image', async () => {
    await using watched = await openPage(browser, stack.url)
    const { page } = watched
    await page.goto('/images/react-spa/distroless')
    const { layers, contract = [] } = image('distroless')
    expect(contract.length).toBeGreaterThan(10)
    const section = (name: string) => page.getByRole('region', { name, exact: true })
    await section('Layers').waitFor()
    expect(await section('Layers').getByRole('row').count()).toBeGreaterThanOrEqual(layers.length)
    for (const { id, promise = 'no promise' } of contract) {
      await section('Contract').getByText(id, { exact: true }).waitFor()
      await section('Contract').getByText(promise.replaceAll('`', ''), { exact: true }).waitFor()
    }
  })

  it('shows mistakes, and those alone that no linter sees', async () => {
    await using watched = await openPage(browser, stack.url)
    const { page } = watched
    await page.goto('/gallery')
    const titles = page.getByRole('heading', { level: 2 })
    await expect.poll(() => titles.count()).toBeGreaterThanOrEqual(30)
    await page.getByText('MultipleInstructionsDisallowed').first().waitFor()
    await page.getByRole('button', { name: 'Seen by no linter' }).click()
    await expect.poll(() => page.getByText('MultipleInstructionsDisallowed').count()).toBe(0)
    expect(await titles.count()).toBeGreaterThan(10)
  })

  it('says which steps of a Dockerfile run again after a change', async () => {
    await using watched = await openPage(browser, stack.url)
    const { page } = watched
    await page.goto('/dockerfile?file=apps/react-spa/Dockerfile&target=prod')
    const input = page.getByRole('combobox', { name: 'A file, build argument or base image' })
    await input.fill('apps/react-spa/src/main.tsx')
    await input.press('Enter')
    await page.getByText(/of \d+ steps rerun/).waitFor()
    expect(new URL(page.url()).search).toContain('main.tsx')
  })

  it('begins with a link past the navigation', async () => {
    await using watched = await openPage(browser, stack.url)
    const { page } = watched
    await page.goto('/', { waitUntil: 'networkidle' })
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(/skip/i)
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
  })

  it('remembers a chosen theme', async () => {
    await using watched = await openPage(browser, stack.url, { colorScheme: 'light' })
    const { page } = watched
    await page.goto('/')
    await page.getByRole('button', { name: 'Dark' }).click()
    await page.reload()
    await page.getByRole('heading', { level: 1 }).waitFor()
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark')
  })

  it.each([
    ['/nothing', /no page/i],
    ['/images/react-spa/prodd', /react-spa:prodd/],
    ['/?report=999999', /999999/],
    ['/history/no/such', /no report has measured/i],
  ])('explains %s, which is not there', async (path, words) => {
    await using watched = await openPage(browser, stack.url)
    await watched.page.goto(path)
    await watched.page.getByRole('main').getByText(words).first().waitFor()
  })
})

describe('the dashboard, given what express-api would not take', () => {
  const long = 'a'.repeat(200)
  const odd: [what: string, document: unknown, words: RegExp][] = [
    ['a newer schema', { schemaVersion: 2 }, /schema version 2/],
    ['no images', { images: [] }, /no images/],
    ['images of another shape', { images: [{ app: 1 }] }, /breaks the schema/],
    ['no report at all', undefined, /not a comparison report/],
  ]

  it.each(odd)('says plainly that the report has %s', async (_what, changes, words) => {
    await using watched = await openPage(browser, stack.url)
    const { page, problems } = watched
    const json = changes === undefined ? [] : { ...report, ...(changes as object) }
    await page.route('**/api/reports/*', (route) => route.fulfill({ json }))
    await page.goto('/')
    await page.getByRole('heading', { name: words }).waitFor()
    expect(problems).toEqual([])
  })

  it.each(['/', '/images/express-api/prod'])('fits names of 200 characters into %s', async (path) => {
    await using watched = await openPage(browser, stack.url)
    const { page, problems } = watched
    const [first] = report.images
    const packages = [{ name: long, version: long }]
    const named = {
      ...image('prod'),
      app: 'express-api',
      image: `${long}:${long}`,
      base: { name: long, standIn: true },
    }
    const images = [
      {
        ...named,
        contents: { ...named.contents, osPackages: packages, npmPackages: packages, shells: [`/${long}`] },
      },
      { ...first, app: long.slice(0, 128), variant: long.slice(0, 128) },
    ]
    await page.route('**/api/reports/*', (route) => route.fulfill({ json: { ...report, images } }))
    await page.goto(path, { waitUntil: 'networkidle' })
    for (const width of [360, 1280]) expect(await overflow(page, width), `at ${width} px`).toBe(0)
    expect(problems).toEqual([])
  })
})
