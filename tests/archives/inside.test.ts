import { join } from 'node:path'
import { bake, readLocalImage } from '@stagecraft/engine'
import { contents } from '@stagecraft/image'
import { execa } from 'execa'
import { beforeAll, describe, expect, it } from 'vitest'

/** What is read of images, and what their own package managers say when they run in them. */

const root = join(import.meta.dirname, '../..')

beforeAll(() => bake(root, ['node-hello-prod', 'flask-hello-prod', 'flask-hello-single', 'go-hello-single']))

/** What a command prints in an image. */
async function ask(image: string, ...command: string[]): Promise<string> {
  const [program = '', ...args] = command
  const where = ['--rm', '--network=none', `--entrypoint=${program}`]
  // npm ends with 1 when it has an opinion on what it lists.
  const { stdout } = await execa('docker', ['run', ...where, image, ...args], { reject: program !== 'npm' })
  return stdout
}

const read = async (image: string) => contents(await readLocalImage(image))
const sorted = (packages: Iterable<{ name: string; version: string }>) =>
  [...new Set([...packages].map(({ name, version }) => `${name} ${version}`))].sort()

describe.each(['node-hello:prod', 'flask-hello:prod', 'flask-hello:single'])('%s', (name) => {
  it('has the packages that dpkg-query names', async () => {
    const image = `stagecraft/${name}`
    const said = await ask(image, 'dpkg-query', '--show')
    const listed = said.split('\n').map((line) => line.replace(/(:\w+)?\t/, ' '))
    expect(sorted((await read(image)).osPackages)).toEqual([...new Set(listed)].sort())
  })
})

it('node-hello:prod has the packages that npm lists, of the app and of npm', async () => {
  const image = 'stagecraft/node-hello:prod'
  interface Tree {
    version?: string
    dependencies?: Record<string, Tree>
  }
  const flat = ({ dependencies = {} }: Tree): { name: string; version: string }[] =>
    Object.entries(dependencies).flatMap(([name, tree]) => [
      ...(tree.version ? [{ name, version: tree.version }] : []),
      ...flat(tree),
    ])
  const listed = await Promise.all(
    [[], ['--global']].map(async (where) =>
      flat(JSON.parse(await ask(image, 'npm', 'ls', '--all', '--json', ...where))),
    ),
  )
  expect(sorted((await read(image)).npmPackages)).toEqual(sorted(listed.flat()))
})

it.each([
  ['prod', ['--python=/venv/bin/python', 'list']],
  ['single', ['list', '--path=/usr/lib/python3/dist-packages']],
])('flask-hello:%s has the packages that pip lists, by their normal names', async (variant, elsewhere) => {
  const image = `stagecraft/flask-hello:${variant}`
  const list = async (...options: string[]) =>
    JSON.parse(await ask(image, 'pip', ...options, '--format=json'))
  const listed: { name: string; version: string }[] = [...(await list('list')), ...(await list(...elsewhere))]
  // https://packaging.python.org/en/latest/specifications/name-normalization/
  const normal = listed.map(({ name, version }) => ({
    name: name.toLowerCase().replaceAll(/[-_.]+/g, '-'),
    version,
  }))
  expect(sorted((await read(image)).pythonPackages)).toEqual(sorted(normal))
})

it('go-hello:single has the modules that go reads in its programs', async () => {
  const image = 'stagecraft/go-hello:single'
  const said = await ask(image, 'go', 'version', '-m', '/usr/local')
  const modules = said.split('\n').flatMap((line) => {
    const [, kind = '', name = '', version = ''] = line.split('\t')
    return kind === 'mod' || kind === 'dep' ? [{ name, version }] : []
  })
  const standard = [...said.matchAll(/: (go1\S+)/g)].map(([, version = '']) => ({ name: 'stdlib', version }))
  expect(sorted((await read(image)).goModules)).toEqual(sorted([...modules, ...standard]))
})
