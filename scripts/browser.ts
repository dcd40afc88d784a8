import { readFile } from 'node:fs/promises'
import { installHostPackages } from './apt.ts'
import { findBrowser } from './find-browser.ts'
import { SetupError, say } from './process.ts'

/**
 * Sees to a browser for the tests of the dashboard: `CHROME_PATH`, else Chromium or Chrome on the path, else Debian's
 * Chromium, installed as root.
 * @throws SetupError when there is none and none can be installed
 */
export async function ensureBrowser(): Promise<void> {
  if (findBrowser()) return
  // Ubuntu's chromium is a snap, which a container cannot install.
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '')
  if (process.getuid?.() === 0 && /^ID=debian$/m.test(release)) {
    say('browser', 'installing chromium')
    await installHostPackages(['chromium'])
  }
  if (findBrowser()) return
  throw new SetupError(
    'No browser for the tests of the dashboard.',
    'Install Chromium or Chrome, or set CHROME_PATH to one.',
  )
}
