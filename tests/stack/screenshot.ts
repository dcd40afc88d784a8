import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openBrowser, openPage } from './browser.ts'
import { root } from './compose.ts'

/** Takes the README's picture of the dashboard that `npm start` has brought up. */
const url = `http://127.0.0.1:${process.env.PORT ?? 8080}`
const file = join(root, 'docs/dashboard.png')

const running = await fetch(url).catch(() => undefined)
if (!running?.ok) {
  console.error(`No dashboard answers at ${url}.\nBring it up: npm start`)
  process.exit(1)
}
await using browser = await openBrowser()
await using watched = await openPage(browser, url, {
  colorScheme: 'light',
  viewport: { width: 1200, height: 800 },
})
const { page } = watched
await page.goto('/?size=disk', { waitUntil: 'networkidle' })
await page.getByRole('table').first().waitFor()
await writeFile(`${file}.part`, await page.screenshot())
await rename(`${file}.part`, file)
console.log(`${file} is renewed.`)
