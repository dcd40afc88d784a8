import { bake, removedWithThisProcess } from '@stagecraft/engine'
import { execa } from 'execa'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBrowser, openPage } from './browser.ts'
import { root, type Stack, startStack, targetsOf } from './compose.ts'

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

const format = '{{range $name, $value := .NetworkSettings.Networks}}{{$name}} {{$value.IPAddress}}{{end}}'

async function inspect(service: string): Promise<{ network: string; address: string }> {
  const { stdout: id } = await stack.compose('ps', '--quiet', service)
  return networkOf(String(id))
}

async function networkOf(id: string): Promise<{ network: string; address: string }> {
  const { stdout } = await execa('docker', ['inspect', `--format=${format}`, id])
  const [network = '', address = ''] = stdout.split(' ')
  return { network, address }
}

/** Removes a service's container; what is returned brings it back, at another address. */
async function remove(service: string): Promise<() => Promise<void>> {
  const before = await inspect(service)
  await stack.compose('rm', '--stop', '--force', service)
  return async () => {
    const squatters = await occupy(before, `stagecraft/${service}:prod`)
    await stack.compose('up', '--detach', '--wait', service)
    expect((await inspect(service)).address).not.toBe(before.address)
    await execa('docker', ['rm', '--force', ...squatters])
  }
}

/** The ids of containers that were started until one had taken the address. */
async function occupy(
  { network, address }: Awaited<ReturnType<typeof networkOf>>,
  image: string,
): Promise<string[]> {
  const labels = Object.entries(removedWithThisProcess()).map(([key, value]) => `--label=${key}=${value}`)
  const ids: string[] = []
  while (ids.length < 10) {
    const { stdout: id } = await execa('docker', [
      'run',
      '--detach',
      `--network=${network}`,
      ...labels,
      image,
    ])
    ids.push(id)
    if ((await networkOf(id)).address === address) return ids
  }
  throw new Error(
    `None of ${ids.length} containers was given ${address} in ${network}, which should be free.`,
  )
}

describe('when express-api is out', () => {
  it('the page says so, keeps what it has, and recovers by itself when it is back at another address', async () => {
    await using open = await openPage(browser, stack.url)
    await using late = await openPage(browser, stack.url)
    await open.page.goto('/', { waitUntil: 'networkidle' })
    const restore = await remove('express-api')
    await open.page.getByText('express-api does not answer').first().waitFor({ timeout: 30_000 })
    await late.page.goto('/')
    await late.page.getByText('express-api does not answer').first().waitFor()
    await restore()
    for (const { page } of [open, late])
      await page
        .getByText('express-api does not answer')
        .first()
        .waitFor({ state: 'detached', timeout: 30_000 })
  })
})

describe('when fastify-service is out', () => {
  it('the Dockerfile page says so and recovers by itself when it is back at another address', async () => {
    await using watched = await openPage(browser, stack.url)
    const { page } = watched
    const restore = await remove('fastify-service')
    await page.goto('/dockerfile')
    await page.getByRole('button', { name: 'Pasted text' }).click()
    await page
      .getByRole('textbox', { name: 'Text of the Dockerfile' })
      .fill('FROM scratch AS only\nCOPY . /\n')
    await page.getByText('fastify-service does not answer').first().waitFor()
    await restore()
    await page.getByText('only').first().waitFor({ timeout: 30_000 })
    await page.getByText('fastify-service does not answer').first().waitFor({ state: 'detached' })
  })
})
