import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bake, copyTree } from '@stagecraft/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openPage } from './browser.ts'
import { root, type Stack, startStack, targetsOf } from './compose.ts'

describe('a saved file in the dev stack', () => {
  let folder: string
  let stack: Stack
  let watch: ReturnType<Stack['compose']>

  beforeAll(async () => {
    await bake(root, targetsOf('dev'))
    folder = await copyTree(root)
    stack = await startStack(['compose.yaml', 'compose.dev.yaml'], folder)
    watch = stack.compose('watch', '--no-up')
    const enabled = Promise.withResolvers<void>()
    for (const stream of [watch.stdout, watch.stderr])
      stream?.on('data', (chunk) => {
        if (String(chunk).includes('Watch enabled')) enabled.resolve()
      })
    await Promise.race([enabled.promise, watch])
  })
  afterAll(async () => {
    watch?.kill('SIGINT')
    await watch?.catch(() => undefined)
    await stack?.[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })

  async function edit(path: string, from: string, to: string): Promise<void> {
    const file = join(folder, path)
    const text = await readFile(file, 'utf8')
    expect(text).toContain(from)
    await writeFile(file, text.replace(from, to))
  }

  it.each(['express-api', 'fastify-service'])('restarts %s with the change', async (app) => {
    const ask = async (): Promise<string> => {
      const { stdout } = await stack.compose(
        'exec',
        '--no-TTY',
        app,
        'node',
        '-e',
        `
        fetch('http://127.0.0.1:8080/').then((answer) => answer.text()).then(console.log, () => {})`,
      )
      return String(stdout)
    }
    expect(await ask()).toContain(`"name":"${app}"`)
    await edit(`apps/${app}/src/app.ts`, `name: '${app}'`, "name: 'changed'")
    await expect.poll(ask, { timeout: 20_000 }).toContain('"name":"changed"')
  })

  it.each(['express-api', 'fastify-service'])('is deleted in %s when it is deleted here', async (app) => {
    const path = `apps/${app}/src/health.ts`
    const isThere = async (): Promise<boolean> => {
      const { exitCode } = await stack
        .compose('exec', '--no-TTY', app, 'test', '-e', `/repo/${path}`)
        .catch((error) => error)
      return exitCode === 0
    }
    expect(await isThere()).toBe(true)
    await rm(join(folder, path))
    await expect.poll(isThere, { timeout: 20_000 }).toBe(false)
  })

  it('replaces the module of react-spa in the browser, which loads nothing anew', async () => {
    await using browser = await openBrowser()
    await using watched = await openPage(browser, stack.url)
    const { page } = watched
    const link = page.getByRole('link', { name: 'Stagecraft', exact: true })
    // The browser drops what it is loading when another container on this machine starts or stops.
    await expect
      .poll(async () => {
        await page.goto('/')
        return link.waitFor({ timeout: 10_000 }).then(
          () => true,
          () => false,
        )
      })
      .toBe(true)
    await page.evaluate(() => document.documentElement.setAttribute('data-kept', ''))
    await edit('apps/react-spa/src/layout.tsx', '            Stagecraft\n', '            Changed\n')
    await page.getByRole('link', { name: 'Changed', exact: true }).waitFor({ timeout: 20_000 })
    expect(await page.locator('html[data-kept]').count()).toBe(1)
  })

  it('deletes a file of react-spa that is deleted', async () => {
    const status = async () => (await fetch(`${stack.url}/favicon.svg`)).status
    expect(await status()).toBe(200)
    await rm(join(folder, 'apps/react-spa/public/favicon.svg'))
    await expect.poll(status, { timeout: 20_000 }).toBe(404)
  })
})
