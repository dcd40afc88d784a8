import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listApps } from '@stagecraft/engine'
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

it('docker-bake.hcl has the apps of apps/, and a group of the images of each', async () => {
  const file = join(root, 'docker-bake.hcl')
  const apps = await listApps(root)
  const groups = apps.map(
    (app) => `
group "${app}" {
  targets = [for variant in VARIANTS : "${app}-\${variant}"]
}
`,
  )
  const list = (names: string[]) => `[\n${names.map((name) => `    "${name}",\n`).join('')}  ]`
  const part = `variable "APPS" {
  default = ${list(apps)}
  description = "the folders of apps/ that have a Dockerfile"
}

variable "SELF_CONTAINED" {
  default = ${list(apps.filter((app) => existsSync(join(root, 'apps', app, '.dockerignore'))))}
  description = "those of them with a .dockerignore: the folder is the build context, not the repository"
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
