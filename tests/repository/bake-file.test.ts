import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listApps, listVariants } from '@stagecraft/engine'
import { expect, it, onTestFinished } from 'vitest'

const root = join(import.meta.dirname, '../..')

it('takes a folder of apps/ for an app when it has a Dockerfile', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'apps-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'apps/sketch'), { recursive: true })
  for (const app of ['one', 'another']) {
    await mkdir(join(folder, 'apps', app))
    await writeFile(join(folder, 'apps', app, 'Dockerfile'), 'FROM scratch\n')
  }
  expect(await listApps(folder)).toEqual(['another', 'one'])
})

it('docker-bake.hcl has the apps of apps/ with what they are built as, and a group of the images of each', async () => {
  const file = join(root, 'docker-bake.hcl')
  const apps = await Promise.all(
    (await listApps(root)).map(async (app) => ({ app, variants: await listVariants(root, app) })),
  )
  const entries = apps.map(({ app, variants }) => {
    const context = existsSync(join(root, 'apps', app, '.dockerignore')) ? `apps/${app}` : '.'
    const names = variants.map((variant) => `"${variant}"`).join(', ')
    return `    ${app} = { context = "${context}", variants = [${names}] }\n`
  })
  const groups = apps.map(
    ({ app }) => `
group "${app}" {
  targets = [for image in IMAGES : image.target if image.app == "${app}"]
}
`,
  )
  const part = `variable "APPS" {
  default = {
${entries.join('')}  }
  description = "the folders of apps/ with a Dockerfile; with a .dockerignore of its own, the folder is the build context"
}
${groups.join('')}`
  const text = await readFile(file, 'utf8')
  const between = /(?<=^# apps:start .*\n).*(?=^# apps:end$)/ms
  expect(text).toMatch(between)
  const mend = 'docker-bake.hcl is not what apps/ is. Renew it: pnpm vitest run --project unit -u'
  await expect(
    text.replace(between, () => part),
    mend,
  ).toMatchFileSnapshot(file)
})

it('no build context has the logs that turbo leaves in every app that it has tested', async () => {
  const contexts = [root, ...(await listApps(root)).map((app) => join(root, 'apps', app))]
  for (const file of contexts.map((folder) => join(folder, '.dockerignore')).filter(existsSync))
    expect((await readFile(file, 'utf8')).split('\n'), file).toContainEqual(
      expect.stringMatching(/^(\*\*\/)?\.turbo$/),
    )
})
