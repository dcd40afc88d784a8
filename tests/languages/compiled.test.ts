import { cp, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bake, boot, eventually } from '@stagecraft/engine'
import { execa } from 'execa'
import { expect, it, onTestFinished } from 'vitest'

/** Apps whose program is compiled: it is always the one of the sources. */

const root = join(import.meta.dirname, '../..')
const apps = [
  { app: 'go-hello', source: 'main.go' },
  { app: 'rust-hello', source: 'src/main.rs' },
]
const where = { port: 8080, ready: '/readyz' }

/** A copy of an app that greets otherwise; its source file is as old as can be when that is asked for. */
async function changed(app: string, source: string, greeting: string, old = false): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stagecraft-compiled-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await cp(join(root, 'apps', app), folder, { recursive: true })
  const file = join(folder, source)
  const text = await readFile(file, 'utf8')
  expect(text).toContain('¡Hola')
  await writeFile(file, text.replace('¡Hola', greeting))
  if (old) await utimes(file, 1, 1)
  return folder
}

it.each(apps)('$app prod is built of sources that are older than the last build', async ({ app, source }) => {
  const image = `stagecraft-test/older:${app}`
  onTestFinished(async () => void (await execa('docker', ['image', 'rm', '--force', image])))
  await bake(root, [`${app}-prod`])
  const folder = await changed(app, source, 'Older', true)
  await execa('docker', ['build', '--builder=default', `--tag=${image}`, folder])
  await using container = await boot({ image, ...where })
  expect(await (await fetch(container.url)).text()).toContain('Older')
})

it.each(apps)('$app dev compiles a saved file and starts the new program', async ({ app, source }) => {
  await bake(root, [`${app}-dev`])
  await using container = await boot({ image: `stagecraft/${app}:dev`, ...where })
  const greeting = async () => {
    const response = await fetch(container.url).catch(() => undefined)
    return response?.text().catch(() => undefined)
  }
  expect(await greeting()).toContain('¡Hola')
  const folder = await changed(app, source, 'Saved')
  await execa('docker', ['cp', join(folder, source), `${container.handle.id}:/app/${source}`])
  const seen = await eventually(30_000, async () => (await greeting())?.includes('Saved') || undefined)
  expect(seen, 'the greeting of the saved file').toBe(true)
})
