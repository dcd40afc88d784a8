import AxeBuilder from '@axe-core/playwright'
import { bake } from '@stagecraft/engine'
import type { Report } from '@stagecraft/report'
import { sampleImage, sampleLayer, sampleReport } from '@stagecraft/report/test/sample'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openPage } from './browser.ts'
import { root, type Stack, startStack, targetsOf } from './compose.ts'
import { postReport, putReport } from './real-report.ts'

let stack: Stack
let browser: Browser

beforeAll(async () => {
  await bake(root, targetsOf('prod'))
  ;[stack, browser] = await Promise.all([startStack(), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await stack?.[Symbol.asyncDispose]()
})

const planned = ['single', 'prod', 'distroless', 'dev'].map((variant) => ({ app: 'express-api', variant }))
const single = sampleImage({ variant: 'single', layers: [sampleLayer(400_000_000)] })
const prod = sampleImage({ variant: 'prod' })
const dev = sampleImage({ variant: 'dev' })
const failure = {
  app: 'express-api',
  variant: 'distroless',
  step: 'build' as const,
  message: `ERROR: failed to solve: ${'long '.repeat(100)}\nexit code: 1`,
}

/** A report that has just begun, to be sent again and again with more in it; the newest of all so far. */
function begin(part: Partial<Report> = {}): (more: Partial<Report>) => Report {
  const createdAt = new Date().toISOString()
  return (more) => sampleReport({ createdAt, state: 'running', planned, images: [], ...part, ...more })
}

const halfWay = { doing: 'building express-api', images: [single, prod], failures: [failure] }

describe('a page that is open from the beginning', () => {
  it('follows a report until it is done, without being loaded again', async () => {
    await using watched = await openPage(browser, stack.url, { viewport: { width: 1200, height: 500 } })
    const { page, problems } = watched
    await page.goto('/')
    await page.getByRole('heading', { name: 'There is no report yet' }).waitFor()
    await page.evaluate(() => {
      document.documentElement.dataset.opened = 'once'
    })
    const bars = page.getByRole('table', { name: 'Compressed size of each image' })
    const row = (name: string) =>
      bars.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) })
    const progress = page.getByRole('region', { name: 'Progress' })

    const report = begin()
    const { id } = await postReport(stack.url, report({ doing: 'building express-api' }))
    await progress.getByText('Measuring: building express-api').waitFor()
    await progress.getByText('0 of 4 images measured').waitFor()
    const value = () => progress.getByRole('progressbar', { name: 'Images measured' }).getAttribute('value')
    expect(await value()).toBe('0')
    for (const { variant } of planned)
      await row(`express-api:${variant}`).getByText('Still to come').waitFor()

    const filter = page.getByRole('searchbox', { name: 'Filter images' })
    await filter.fill('express')
    await page.evaluate(() => scrollTo(0, 150))
    await filter.evaluate((input: HTMLInputElement) => input.setSelectionRange(1, 4))
    const place = async () => (await row('express-api:dev').boundingBox())?.y ?? Number.NaN
    const before = await place()
    await putReport(stack.url, id, report({ doing: 'starting express-api:prod', images: [single] }))
    await row('express-api:single').getByRole('cell', { name: '400.0', exact: true }).waitFor()
    await progress.getByText('1 of 4 images measured').waitFor()
    expect(Math.abs((await place()) - before)).toBeLessThan(1)
    expect(
      await filter.evaluate((input: HTMLInputElement) => [
        input === document.activeElement,
        input.value,
        input.selectionStart,
        input.selectionEnd,
      ]),
    ).toEqual([true, 'express', 1, 4])

    await putReport(stack.url, id, report(halfWay))
    await progress.getByText('2 of 4 images measured, 1 failed').waitFor()
    expect(await value()).toBe('3')
    await page.getByRole('heading', { name: '1 image could not be measured' }).waitFor()
    const message = page.getByText('exit code: 1')
    expect(await message.isVisible()).toBe(false)
    await page.getByText('express-api:distroless could not be built').click()
    await message.waitFor()

    await putReport(stack.url, id, report({ ...halfWay, state: 'done', images: [single, prod, dev] }))
    await row('express-api:dev').getByRole('cell', { name: '80.0', exact: true }).waitFor()
    await progress.waitFor({ state: 'detached' })
    expect(await message.isVisible()).toBe(true)
    expect(await bars.getByText('Still to come').count()).toBe(0)
    expect(await page.evaluate(() => document.documentElement.dataset.opened)).toBe('once')
    expect(problems).toEqual([])
  })

  it('shows the figures of an image that was still to come', async () => {
    const report = begin()
    const { id } = await postReport(stack.url, report({ doing: 'building express-api' }))
    await using watched = await openPage(browser, stack.url)
    const { page } = watched
    await page.goto('/images/express-api/prod')
    await page.getByRole('heading', { name: 'This image is still to come' }).waitFor()
    await putReport(stack.url, id, report({ images: [prod] }))
    await page.getByRole('heading', { name: 'Figures' }).waitFor()
  })

  it('goes on to the next report while one is running', async () => {
    await postReport(stack.url, begin()({ doing: 'building the one before' }))
    await using watched = await openPage(browser, stack.url)
    const { page } = watched
    await page.goto('/')
    await page.getByText('Measuring: building the one before').waitFor()
    await postReport(stack.url, begin()({ doing: 'building the next' }))
    await page.getByText('Measuring: building the next').waitFor()
  })

  it('says that there is no news, and takes that back when there is', async () => {
    const report = begin()
    const { id } = await postReport(stack.url, report({ doing: 'building slowly' }))
    await using watched = await openPage(browser, stack.url)
    const { page } = watched
    await page.clock.install()
    await page.goto('/')
    await page.getByText('Measuring: building slowly').waitFor()
    await page.clock.fastForward(130_000)
    await page.getByText('No news for 2 min; see the terminal. The last: building slowly').waitFor()
    await putReport(stack.url, id, report({ doing: 'building on' }))
    await page.clock.fastForward(2000)
    await page.getByText('Measuring: building on').waitFor()
  })
})

describe('a report', () => {
  it('says that measuring was stopped, and how to go on', async () => {
    const { id } = await postReport(stack.url, begin()({ ...halfWay, state: 'interrupted' }))
    await using watched = await openPage(browser, stack.url)
    const { page } = watched
    await page.goto(`/?report=${id}`)
    await page.getByRole('heading', { name: 'Measuring was stopped' }).waitFor()
    await page.getByText('2 of 4 images measured, 1 failed').waitFor()
    await page.getByRole('button', { name: 'Copy the command npm start' }).waitFor()
  })

  it.each(['/', '/images/express-api/prod', '/dockerfile', '/history/express-api/prod'])(
    'says at %s that it was measured elsewhere',
    async (path) => {
      const { id } = await postReport(stack.url, begin()({ state: 'done', published: true, images: [prod] }))
      await using watched = await openPage(browser, stack.url)
      await watched.page.goto(`${path}?report=${id}`)
      await watched.page
        .getByText("These are not this machine's figures")
        .filter({ hasText: 'Docker Engine 28.5.2, amd64, 2 CPUs' })
        .waitFor()
    },
  )
})

describe.each(['light', 'dark'] as const)('a report half way, on %s ground', (colorScheme) => {
  it.each([
    ['/', '1 image could not be measured'],
    ['/images/express-api/dev', 'This image is still to come'],
    ['/images/express-api/distroless', 'This image could not be measured'],
    ['/history/express-api/prod', 'Measurements'],
  ])('is whole, accessible and without an error at %s', async (path, heading) => {
    const { id } = await postReport(stack.url, begin({ published: true })(halfWay))
    await using watched = await openPage(browser, stack.url, { colorScheme })
    const { page, problems } = watched
    await page.goto(`${path}?report=${id}`)
    await page.getByRole('heading', { name: heading, exact: true }).waitFor()
    for (const text of await page.getByText('could not be built').all()) await text.click()
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([])
    for (const width of [360, 1920]) expect(await overflow(page, width), `at ${width} px`).toBe(0)
    expect(problems).toEqual([])
  })
})

/** In CSS pixels; a page may scroll down, but not to the side. */
async function overflow(page: Page, width: number): Promise<number> {
  await page.setViewportSize({ width, height: 800 })
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}
