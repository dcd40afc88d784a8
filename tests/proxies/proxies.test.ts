import { randomUUID } from 'node:crypto'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates } from 'node:tls'
import { buildFixtureImages, type FixtureImages } from '@stagecraft/engine/test/fixture-images'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addHost, openNetwork } from './network.ts'

const root = join(import.meta.dirname, '../..')
/** Instead of `company`, which may be what someone's own images are called. */
const repository = `stagecraft-fixture/${randomUUID().slice(0, 8)}`
const page = (await readFile(join(root, 'docs/proxies.md'), 'utf8')).replaceAll(
  /\bcompany\/(?=\w+:)/g,
  `${repository}/`,
)
const { packageManager: pnpm } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))

/** The first code block of the page that fits. */
function block(language: string, pattern = /./): string {
  const all = page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))
  const found = [...all].map(([, text = '']) => text).find((text) => pattern.test(text))
  if (!found) throw new Error(`docs/proxies.md has no ${language} block with ${pattern}`)
  return found
}

/** The base images that the page makes: of which official one, how, and what they are called. */
const bases = block('sh', /company\.Dockerfile/)
  .trim()
  .split('\n')
  .map((command) => {
    const [, base = '', tag = ''] = /BASE=(\S+) --tag (\S+)/.exec(command) ?? []
    return { base, command, tag, name: base.replaceAll(/[^a-z0-9]/g, '-') }
  })

/** What the page names, each downloading something small. */
const tools = [
  { tool: 'npm', on: 'node:', download: 'npm view express version', host: 'registry.npmjs.org:443' },
  {
    tool: 'pnpm',
    on: 'node:',
    download: `npm install --global --allow-scripts=pnpm ${pnpm} && cd /tmp && pnpm add is-number`,
    host: 'registry.npmjs.org:443',
  },
  { tool: 'pip', on: 'python:', download: 'pip download --no-deps --dest=/tmp six', host: 'pypi.org:443' },
  {
    tool: 'Go',
    on: 'golang:',
    download: 'go mod download golang.org/x/sync@v0.10.0',
    host: 'proxy.golang.org:443',
  },
  {
    tool: 'cargo',
    on: 'rust:',
    download: 'cargo init --vcs=none /tmp/x && cd /tmp/x && cargo add cfg-if && cargo fetch',
    host: 'index.crates.io:443',
  },
]
const downloads = bases.flatMap(({ base, tag, name }) =>
  tools.filter(({ on }) => base.startsWith(on)).map((tool) => ({ ...tool, base, tag, name })),
)

let folder: string
/** The official images, or stand-ins without the certificates of this machine, which official images do not have. */
let official: FixtureImages

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stagecraft-proxies-'))
  const trusted = [...getCACertificates('default'), ...getCACertificates('system')]
  await writeFile(join(folder, 'company-ca.crt'), `${[...new Set(trusted)].join('\n')}\n# ${randomUUID()}\n`)
  await writeFile(join(folder, 'company.Dockerfile'), block('dockerfile'))
  await writeFile(join(folder, 'config.toml'), block('toml'))
  const without =
    'NODE_EXTRA_CA_CERTS= PIP_CERT= SSL_CERT_FILE= CARGO_HTTP_CAINFO=/etc/ssl/certs/ca-certificates.crt'
  official = await buildFixtureImages(
    folder,
    Object.fromEntries(bases.map(({ base, name }) => [name, `FROM ${base}\nENV ${without}\n`])),
  )
  for (const { command, base, name } of bases)
    await sh(command.replace(`BASE=${base}`, `BASE=${official.reference(name)}`), folder)
})
afterAll(async () => {
  await official?.[Symbol.asyncDispose]()
  await execa('docker', ['image', 'rm', '--force', ...bases.map(({ tag }) => tag)])
  await rm(folder, { recursive: true, force: true })
})

const env = { BUILDX_BUILDER: 'default' }

/** Runs a command of the page. @throws Error with its output when it fails */
const sh = (command: string, cwd: string) => execa('sh', ['-euc', command], { cwd, env, all: true })

/** Builds what follows on an image that takes the place of `base`, and keeps nothing of it. */
const build = (base: string, image: string, lines: string[], flags: string[] = []) =>
  execa(
    'docker',
    [
      'build',
      '--progress=plain',
      '--output=type=cacheonly',
      `--build-context=${base}=docker-image://${image}`,
      ...flags,
      '--file=-',
      '.',
    ],
    { cwd: folder, env, all: true, reject: false, input: [`FROM ${base}`, ...lines].join('\n') },
  )

/** Text that makes a command another one than in any build before. */
const anew = (): string => `: ${randomUUID()}; `

describe('on a base image with the CA', () => {
  it.each(downloads)('$tool downloads ($base)', async ({ base, tag, name, download }) => {
    const atOnce = 'export npm_config_fetch_retries=0 PIP_RETRIES=0 CARGO_NET_RETRY=0; '
    const without = await build(base, official.reference(name), [`RUN ${anew()}${atOnce}${download}`])
    // Where nothing re-signs TLS, it works without the CA as well; where something does, that is why it fails.
    if (without.failed) expect(without.all).toMatch(/certificate|SSL|UNABLE_TO|SELF_SIGNED/)
    else console.log(`${base}: nothing re-signs TLS here, so this shows only that the CA does no harm`)
    const withCa = await build(base, tag, [`RUN ${anew()}${download}`])
    expect(withCa.exitCode, withCa.all).toBe(0)
  })
})

describe('a named context', () => {
  it('replaces the base image of a Dockerfile', async () => {
    const image = `${repository}/app`
    const command = block('sh', /--build-context/).trim()
    try {
      await sh(`${command} --tag ${image}`, root)
      const { stdout } = await execa('docker', ['image', 'inspect', '--format={{json .Config.Env}}', image])
      expect(JSON.parse(stdout)).toContain(
        'NODE_EXTRA_CA_CERTS=/usr/local/share/ca-certificates/company-ca.crt',
      )
    } finally {
      await execa('docker', ['image', 'rm', '--force', image])
    }
  })

  it('is given to every image of the bake file by the override file', async () => {
    const bakeFolder = join(folder, 'bake')
    await sh(`mkdir ${bakeFolder}`, folder)
    await copyFile(join(root, 'docker-bake.hcl'), join(bakeFolder, 'docker-bake.hcl'))
    await writeFile(join(bakeFolder, 'docker-bake.override.hcl'), block('hcl'))
    const { stdout } = await execa('docker', ['buildx', 'bake', '--print', 'all'], { cwd: bakeFolder, env })
    const { target } = JSON.parse(stdout) as { target: Record<string, { contexts?: object }> }
    const expected = Object.fromEntries(bases.map(({ base, tag }) => [base, `docker-image://${tag}`]))
    expect(Object.keys(target)).not.toEqual([])
    for (const { contexts } of Object.values(target)) expect(contexts).toEqual(expected)
  })
})

describe('the HTTP proxy of a build argument', () => {
  const [, flag = ''] = /`docker build (--build-arg HTTPS_PROXY=\S+) \.`/.exec(page) ?? []

  it.each(downloads)('is what $tool downloads through ($base)', async ({ base, tag, download, host }) => {
    await using network = await openNetwork()
    const flags = [...flag.replace('http://proxy.example.com:3128', network.url).split(' '), addHost]
    const { exitCode, all } = await build(base, tag, [`RUN ${anew()}${download}`], flags)
    expect(exitCode, all).toBe(0)
    expect(network.tunnels).toContain(host)
  })

  it('is no part of the cache key, and not in the history', async () => {
    const [{ base, tag }] = bases as [(typeof bases)[number]]
    const command = anew()
    const line = `RUN ${command}`
    await build(base, tag, [line])
    const image = `${repository}/app`
    try {
      const flags = [...flag.split(' '), `--tag=${image}`, '--output=type=image']
      const { all } = await build(base, tag, [line], flags)
      expect(all).toMatch(/\] RUN .*\n#\d+ CACHED/)
      const { stdout } = await execa('docker', ['history', '--no-trunc', '--format={{.CreatedBy}}', image])
      expect(stdout).toContain(command.trim())
      expect(stdout).not.toContain('proxy.example.com')
    } finally {
      await execa('docker', ['image', 'rm', '--force', image])
    }
  })
})

describe('a mirror', () => {
  const [, table = ''] = page.split('| for | line |')
  const lines = new Map(
    [...table.matchAll(/^\| (\w+) \| `(.+)` \|$/gm)].map(([, tool, line]) => [tool, line]),
  )
  const apt = { tool: 'apt', download: 'apt-get -o Acquire::Retries=0 update', ...bases[0], on: '', host: '' }
  const once = [...tools.map(({ tool }) => downloads.find((each) => each.tool === tool)), apt]

  it('is named for each tool', () => {
    expect([...lines.keys()].toSorted()).toEqual(once.map((each) => each?.tool).toSorted())
  })

  it.each(once as typeof downloads)('is what $tool asks', async ({ tool, base = '', tag = '', download }) => {
    await using network = await openNetwork()
    // This mirror is no TLS server, and says that it has nothing.
    const here = (text = '') => text.replaceAll(/https:\/\/(\w+\.example\.com)/g, `${network.url}/$1`)
    await writeFile(join(folder, 'config.toml'), here(block('toml')))
    const line = here(lines.get(tool)).replace(/^ENV PIP/, 'ENV PIP_TRUSTED_HOST=host.docker.internal PIP')
    const install = tool === 'pnpm' ? [`RUN npm install --global --allow-scripts=pnpm ${pnpm}`] : []
    const command = download.replace(/^npm install .*? && /, '')
    const { exitCode, all } = await build(base, tag, [...install, line, `RUN ${anew()}${command}`], [addHost])
    expect(network.paths, all).toContainEqual(expect.stringMatching(/^\/\w+\.example\.com\/./))
    if (tool !== 'apt') expect(exitCode).not.toBe(0)
  })
})
