import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { renderHtml } from '@stagecraft/compare/html'
import { readPublished } from '@stagecraft/compare/published'
import type { Report } from '@stagecraft/report'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser, openPage } from './browser.ts'

/** What `pnpm compare --html` writes, opened as a file. */

const root = join(import.meta.dirname, '../..')
let browser: Browser
let folder: string
let url: string
let report: Report

beforeAll(async () => {
  browser = await openBrowser()
  folder = await mkdtemp(join(tmpdir(), 'stagecraft-html-'))
  const file = join(folder, 'report.html')
  report = await readPublished(root)
  // What would end the element that it is in.
  const [first, ...others] = report.images
  const layers = first?.layers.map((layer) => ({ ...layer, createdBy: 'RUN echo "</script><!--$&"' })) ?? []
  report.images = first ? [{ ...first, layers }, ...others] : []
  await writeFile(file, await renderHtml(root, report))
  url = pathToFileURL(file).href
})
afterAll(async () => {
  await browser.close()
  await rm(folder, { recursive: true, force: true })
})

it('shows every image, and asks nobody for anything', async () => {
  await using watched = await openPage(browser, url)
  const { page, problems } = watched
  const asked: string[] = []
  page.on('request', (request) => void asked.push(request.url()))
  await page.goto(url)
  await expect.poll(() => page.locator('[data-image]').count()).toBe(report.images.length)
  const links = await page.getByRole('navigation').getByRole('link').allTextContents()
  expect(links.length).toBeGreaterThan(0)
  expect(await page.getByRole('link', { name: 'History' }).count()).toBe(0)
  expect(asked.filter((each) => !each.startsWith('file:'))).toEqual([])
  expect(problems).toEqual([])
})

it('has the page of an image, with its instructions as they are written', async () => {
  await using watched = await openPage(browser, url)
  const { page, problems } = watched
  const [image] = report.images
  await page.goto(`${url}#/images/${image?.app}/${image?.variant}`)
  await page.getByRole('heading', { level: 1, name: `${image?.app}:${image?.variant}` }).waitFor()
  await expect.poll(() => page.getByText('RUN echo "</script><!--$&"').count()).toBeGreaterThan(0)
  expect(problems).toEqual([])
})
