import { randomUUID } from 'node:crypto'
import { cp, glob, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { boot, inspectImage } from '@stagecraft/engine'
import { execa } from 'execa'
import { describe, expect, it, onTestFinished } from 'vitest'
import { apply, type Edit, nameOf } from './edits.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8')

/** Someone with an app, who copies a Dockerfile for it. */
interface Stranger {
  /** The app here whose Dockerfile is copied. */
  copied: string
  /** Where the stranger's own app is: a folder beside this file. */
  own: string
  /** What is copied, from the folder of the app here, and where to in the stranger's folder. */
  files: Record<string, string>
  edits: Edit[]
  /** Resolves the dependencies, as the stranger has done long before. */
  prepare: (folder: string) => Promise<unknown>
  dockerfile: string
  port: number
  /** A path, and what the response contains. */
  asks: [path: string, contains: string]
  /** What the script of that page contains. */
  script?: string
}

const strangers: Stranger[] = [
  {
    copied: 'node-hello',
    own: 'node',
    files: { Dockerfile: 'Dockerfile', '.dockerignore': '.dockerignore', 'src/health.ts': 'src/health.ts' },
    edits: [
      { file: 'Dockerfile', replace: 'src/main.ts', by: 'src/server.ts' },
      { file: 'Dockerfile', replace: 'dist/main.js', by: 'dist/server.js' },
      { file: 'Dockerfile', replace: '3000', by: '4000' },
      { file: 'src/health.ts', replace: '3000', by: '4000' },
    ],
    prepare: (folder) => execa('npm', ['install', '--package-lock-only', '--no-audit'], { cwd: folder }),
    dockerfile: 'Dockerfile',
    port: 4000,
    asks: ['/articles', '[{"name":"teapot","price":12}]'],
  },
  {
    copied: 'flask-hello',
    own: 'flask',
    files: {
      Dockerfile: 'Dockerfile',
      '.dockerignore': '.dockerignore',
      'gunicorn.conf.py': 'gunicorn.conf.py',
      'health.py': 'health.py',
    },
    edits: [
      { file: 'Dockerfile', replace: '5000', by: '4000' },
      { file: 'health.py', replace: '5000', by: '4000' },
      { file: 'gunicorn.conf.py', replace: '5000', by: '4000' },
      { file: 'gunicorn.conf.py', replace: 'app:app', by: 'shop:app' },
      { file: 'Dockerfile', deleteStage: 'wheels' },
      { file: 'Dockerfile', deleteLines: '/wheels', named: 'wheels' },
    ],
    // It needs the same packages.
    prepare: (folder) =>
      cp(join(root, 'apps/flask-hello/requirements.txt'), join(folder, 'requirements.txt')),
    dockerfile: 'Dockerfile',
    port: 4000,
    asks: ['/articles', '[{"name":"teapot","price":12}]'],
  },
  {
    copied: 'react-spa',
    own: 'spa',
    files: { Dockerfile: 'apps/shop/Dockerfile', nginx: 'apps/shop/nginx' },
    edits: [
      { file: 'apps/shop/Dockerfile', replace: 'APP=react-spa', by: 'APP=shop', named: 'APP' },
      { file: 'apps/shop/Dockerfile', replace: '@stagecraft/', by: '@acme/' },
      { file: 'apps/shop/Dockerfile', deleteLines: '/dist/vendor', named: 'vendor' },
    ],
    prepare: (folder) => execa('pnpm', ['install', '--lockfile-only'], { cwd: folder }),
    dockerfile: 'apps/shop/Dockerfile',
    port: 8080,
    asks: ['/', '<title>Acme shop</title>'],
    script: 'Teapots from 12 euros',
  },
]

/** The stranger's folder, with the versions that this repository uses. */
async function unpack({ own }: Stranger): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `stranger-${own}-`))
  onTestFinished(() => rm(folder, { recursive: true }))
  await cp(join(import.meta.dirname, own), folder, { recursive: true })
  const catalog = await read('pnpm-workspace.yaml')
  const { packageManager } = JSON.parse(await read('package.json'))
  for await (const path of glob('**/package.json', { cwd: folder })) {
    const text = await readFile(join(folder, path), 'utf8')
    const pinned = text
      .replaceAll(/"([^"]+)": "catalog:"/g, (_, name) => {
        const [, version] = new RegExp(`^ {2}"?${name}"?: (.+)$`, 'm').exec(catalog) ?? []
        return `"${name}": "${version}"`
      })
      .replace('pnpm@0.0.0', packageManager)
    await writeFile(join(folder, path), pinned)
  }
  return folder
}

describe('someone with the README copies the Dockerfile', () => {
  it.each(strangers)('of $copied to an app of their own', async (stranger) => {
    const { copied, files, edits, prepare, dockerfile, port, asks, script } = stranger
    const page = `docs/dockerfiles/${copied}.md`
    expect(await read('README.md')).toContain(`](${page})`)
    const [instructions = ''] = (await read(page)).split(/^## (?!.*copy)/im, 1)
    const code = [...instructions.matchAll(/`([^`]+)`/g)].map(([, text]) => text as string)
    const unnamed = [
      ...Object.keys(files).filter((path) => !instructions.includes(path)),
      ...edits.map(nameOf).filter((name) => !code.some((text) => text.includes(name))),
    ]
    expect([...new Set(unnamed)], `the beginning of ${page} does not name`).toEqual([])

    const folder = await unpack(stranger)
    for (const [from, to] of Object.entries(files))
      await cp(join(root, 'apps', copied, from), join(folder, to), { recursive: true })
    for (const edit of edits) {
      const path = join(folder, edit.file)
      await writeFile(path, apply(await readFile(path, 'utf8'), edit))
    }
    await prepare(folder)

    const image = `stagecraft-fixture/${randomUUID().slice(0, 8)}`
    onTestFinished(async () => {
      await execa('docker', ['image', 'rm', '--force', image])
    })
    const flags = [`--file=${dockerfile}`, '--target=prod', `--tag=${image}`, '--progress=plain', '--load']
    await execa('docker', ['buildx', 'build', '--builder=default', ...flags, '.'], { cwd: folder })
    const { Config } = await inspectImage(image)
    expect(Object.keys(Config.ExposedPorts ?? {})).toContain(`${port}/tcp`)
    await using container = await boot({ image, port, ready: '/healthz' }, { host: { ReadonlyRootfs: true } })
    const [path, contains] = asks
    const get = async (wanted: string) => (await fetch(container.url + wanted)).text()
    const body = await get(path)
    expect(body).toContain(contains)
    if (script) expect(await get(/<script .*?src="([^"]+)"/.exec(body)?.[1] ?? '')).toContain(script)
    const { exitCode } = await execa('docker', [
      'exec',
      container.handle.id,
      ...(Config.Healthcheck?.Test ?? []).slice(1),
    ])
    expect(exitCode).toBe(0)
  })
})
