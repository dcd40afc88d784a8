import { findBrowser } from '@stagecraft/scripts/find-browser'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/** @throws Error when there is no browser */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findBrowser()
  if (!executablePath) throw new Error('No browser. Set-up installs one where it can: npm test stack')
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync']
  // Its sandbox needs privileges that root in a container lacks; what it opens here is our own.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', ...quiet] })
}

/** A page that remembers what went wrong in it. */
export interface WatchedPage extends AsyncDisposable {
  page: Page
  /** Errors on the console, exceptions and violations of the Content-Security-Policy, a line each. */
  problems: string[]
}

/** Opens a page in a context of its own. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ baseURL: url, reducedMotion: 'reduce', ...options })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => void problems.push(String(error)))
  // Chromium also says these on the console, but not where they come from.
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
      console.error(`CSP: ${violatedDirective} ${blockedURI} ${sample}`),
    )
  })
  return { page, problems, [Symbol.asyncDispose]: () => context.close() }
}
