import { join } from 'node:path'
import { listApps } from '@stagecraft/engine'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type Edit, editsFor } from './changes.ts'

const root = join(import.meta.dirname, '../../../..')
const nonce = 'n0'
const own = ['fastapi-hello', 'flask-hello', 'go-hello', 'node-hello', 'rust-hello']

function edits(scenario: Parameters<typeof editsFor>[0], app: string): Promise<Edit[]> {
  const context = own.includes(app) ? `apps/${app}` : '.'
  const image = { app, variant: 'prod', image: '', target: '', args: {} } as const
  return editsFor(scenario, root, { ...image, context, dockerfile: `apps/${app}/Dockerfile` }, nonce)
}

/** The lines that an edit adds. */
function added({ before, after }: Edit): string[] {
  const known = new Set(before.split('\n'))
  return after.split('\n').filter((line) => !known.has(line))
}

describe('a line, of each app', async () => {
  it.each(await listApps(root))('%s', async (app) => {
    const [edit, ...others] = await edits('line', app)
    expect(others).toEqual([])
    expect(edit && added(edit)).toEqual([expect.stringContaining(nonce)])
    expect(edit?.after.startsWith(edit.before)).toBe(true)
  })
})

it('scripts, of the apps with a package manager that reads them', async () => {
  const changed = await Promise.all(
    (await listApps(root)).map(
      async (app) => [app, (await edits('scripts', app)).map(({ path }) => path)] as const,
    ),
  )
  expect(Object.fromEntries(changed.filter(([, paths]) => paths.length > 0))).toEqual({
    'express-api': ['apps/express-api/package.json'],
    'fastify-service': ['apps/fastify-service/package.json'],
    'node-hello': ['apps/node-hello/package.json'],
    'react-spa': ['apps/react-spa/package.json'],
  })
  const [edit] = await edits('scripts', 'node-hello')
  expect(edit && added(edit).join('\n')).toContain(`"x-${nonce}": "true"`)
})

describe('a dependency', () => {
  const paths: Record<string, string[]> = {
    'express-api': ['pnpm-lock.yaml', 'apps/express-api/package.json'],
    'fastapi-hello': ['apps/fastapi-hello/requirements.txt'],
    'fastify-service': ['pnpm-lock.yaml', 'apps/fastify-service/package.json'],
    'flask-hello': ['apps/flask-hello/requirements.txt'],
    'go-hello': ['apps/go-hello/go.mod'],
    'node-hello': ['apps/node-hello/package-lock.json', 'apps/node-hello/package.json'],
    'react-spa': ['pnpm-lock.yaml', 'apps/react-spa/package.json'],
    'rust-hello': ['apps/rust-hello/Cargo.lock', 'apps/rust-hello/Cargo.toml'],
  }
  it('of each app', async () => {
    const changed = await Promise.all(
      (await listApps(root)).map(async (app) => [
        app,
        (await edits('dependency', app)).map(({ path }) => path),
      ]),
    )
    expect(Object.fromEntries(changed)).toEqual(paths)
  })

  it.each(Object.keys(paths))('of %s was never there before', async (app) => {
    const all = await edits('dependency', app)
    expect(all.flatMap(added).some((line) => line.includes(nonce))).toBe(true)
  })

  it('of npm is one that the lockfile has, in both files', async () => {
    const [lock, manifest] = await edits('dependency', 'node-hello')
    const before = JSON.parse(lock?.before ?? '').packages
    const { dependencies } = JSON.parse(lock?.after ?? '').packages['']
    const names = Object.keys(dependencies).filter((name) => !(name in before[''].dependencies))
    expect(names).toHaveLength(1)
    expect(dependencies[names[0] ?? '']).toBe(before[`node_modules/${names[0]}`].version)
    expect(JSON.parse(manifest?.after ?? '').dependencies).toEqual(dependencies)
  })

  it('of pnpm is one of another package of the workspace', async () => {
    const [lock, manifest] = await edits('dependency', 'express-api')
    const importer = (text = '') => parse(text).importers['apps/express-api'].dependencies
    const names = Object.keys(importer(lock?.after)).filter((name) => !(name in importer(lock?.before)))
    expect(names).toHaveLength(1)
    expect(JSON.parse(manifest?.after ?? '').dependencies).toHaveProperty([names[0] ?? ''])
  })

  it('of cargo is one that the lockfile has', async () => {
    const [lock, manifest] = await edits('dependency', 'rust-hello')
    const [, version] = /name = "itoa"\nversion = "(.+)"/.exec(lock?.before ?? '') ?? []
    expect(added(manifest as Edit)).toEqual([`# ${nonce}`, `itoa = "${version}"`])
    expect(lock?.after.length).toBe((lock?.before.length ?? 0) + ' "itoa",\n'.length)
  })
})

it('nothing changes where nothing is to change', async () => {
  expect(await edits('unchanged', 'node-hello')).toEqual([])
  expect(await edits('from-nothing', 'node-hello')).toEqual([])
})
