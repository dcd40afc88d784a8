import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { boot } from '@stagecraft/engine'
import { buildFixtureImages, type FixtureImages } from '@stagecraft/engine/test/fixture-images'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cargoApp, crates, type Files, goApp, goProxy, wheel, writeFiles } from './packages.ts'

/** docs/private-packages.md, built against registries that refuse whoever has no token. */

const root = join(import.meta.dirname, '../..')
const page = await readFile(join(root, 'docs/private-packages.md'), 'utf8')
/** One for all four. */
const token = randomBytes(16).toString('hex')
const resources = new AsyncDisposableStack()
afterAll(() => resources.disposeAsync())

/** The block of the page whose first line names a file. */
function block(name: string): string {
  const found = new RegExp(`^\`\`\`\\w+\n# ${name.replaceAll('.', '\\.')}\n(.*?)^\`\`\`$`, 'ms').exec(
    page,
  )?.[1]
  if (!found) throw new Error(`docs/private-packages.md has no ${name}`)
  return found
}

/** An empty folder that goes with this file. */
async function folder(files: Files): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'private-'))
  resources.defer(() => rm(path, { recursive: true }))
  await writeFiles(path, files)
  return path
}

interface Case {
  context: string
  /** The variable that the page's command takes the secret from, and what it holds. */
  variable: string
  /** What it holds, for a token. */
  secret: (token: string) => string
  token: string
}
let cases: Record<string, Case>
let images: FixtureImages
/** The address of what stands before all registries. */
let front: string

/** What each says when a registry refuses it. */
const refused = {
  npm: /npm error code E401/,
  pip: /No matching distribution found for greet/,
  go: /401 Unauthorized/,
  cargo: /got 401/,
}

/** What each Dockerfile of the page is built on. */
const bases = Object.fromEntries(
  Object.keys(refused).map((name) => [name, /^FROM (.*)$/m.exec(block(`${name}.Dockerfile`))?.[1] ?? '']),
)

/** The same, which trusts the registries' certificate. */
const trusting = (base: string) => `FROM ${base}
COPY tls/certificate.pem /certificate.pem
ENV NODE_EXTRA_CA_CERTS=/certificate.pem PIP_CERT=/certificate.pem SSL_CERT_FILE=/certificate.pem CARGO_HTTP_CAINFO=/certificate.pem
`

const below = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]))

beforeAll(async () => {
  const htpasswd = `ci:{SHA}${createHash('sha1').update(token).digest('base64')}\n`
  const registries = join(import.meta.dirname, 'registries')
  const of = async (name: string) => readFile(join(registries, `${name}.Dockerfile`), 'utf8')
  const tls = await folder({})
  const request = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days=1',
  ]
  const subject = ['-subj', '/CN=private', '-addext', 'subjectAltName=DNS:*.example.com']
  const files = ['-keyout', join(tls, 'key.pem'), '-out', join(tls, 'certificate.pem')]
  await execa('openssl', [...request, ...subject, ...files])
  const certificate = await readFile(join(tls, 'certificate.pem'))
  const context = await folder({
    htpasswd,
    'tls/certificate.pem': certificate,
    'tls/key.pem': await readFile(join(tls, 'key.pem')),
    'verdaccio.yaml': await readFile(join(registries, 'verdaccio.yaml')),
    'front.conf.template': await readFile(join(registries, 'front.conf.template')),
    ...below('packages', wheel),
    ...below('files', { ...goProxy, ...crates }),
  })
  images = resources.use(
    await buildFixtureImages(context, {
      npm: await of('verdaccio'),
      pypi: `${await of('pypiserver')}COPY htpasswd /\nCOPY packages /packages\n`,
      front:
        'FROM nginx:1.30-trixie\nRUN rm /etc/nginx/conf.d/default.conf\nCOPY front.conf.template /etc/nginx/templates/\nCOPY htpasswd /\nCOPY tls /tls\nCOPY files /files\n',
      ...Object.fromEntries(Object.entries(bases).map(([name, base]) => [`base-${name}`, trusting(base)])),
    }),
  )
  const start = async (name: string, ready: string, env: Record<string, string> = {}) => {
    const container = resources.use(await boot({ image: images.reference(name), port: 80, ready }, { env }))
    const { NetworkSettings } = await container.handle.inspect()
    return { url: container.url, address: Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? '' }
  }
  const npm = await start('npm', '/-/ping', { VERDACCIO_PUBLIC_URL: 'https://npm.example.com' })
  const pypi = await start('pypi', '/')
  front = (
    await start('front', '/ready', {
      NPM: `http://${npm.address}`,
      PYPI: `http://${pypi.address}`,
      TOKEN: token,
    })
  ).address

  const user = await fetch(`${npm.url}/-/user/org.couchdb.user:ci`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'ci', password: token }),
  })
  const { token: npmToken } = (await user.json()) as { token: string }
  const published = await folder({
    'package.json': JSON.stringify({ name: '@private/greet', version: '1.0.0', license: 'MIT' }),
  })
  const host = new URL(npm.url).host
  await execa('npm', ['publish', `--registry=${npm.url}`, `--//${host}/:_authToken=${npmToken}`], {
    cwd: published,
  })
  const { dist } = (await (
    await fetch(`${npm.url}/@private%2fgreet/1.0.0`, { headers: { authorization: `Bearer ${npmToken}` } })
  ).json()) as { dist: { integrity: string } }

  cases = {
    npm: {
      context: await folder({
        '.npmrc': block('.npmrc'),
        'package.json': JSON.stringify({ name: 'app', dependencies: { '@private/greet': '1.0.0' } }),
        'package-lock.json': JSON.stringify({
          name: 'app',
          lockfileVersion: 3,
          packages: {
            '': { name: 'app', dependencies: { '@private/greet': '1.0.0' } },
            'node_modules/@private/greet': {
              version: '1.0.0',
              resolved: 'https://npm.example.com/@private/greet/-/greet-1.0.0.tgz',
              integrity: dist.integrity,
            },
          },
        }),
      }),
      variable: 'NPM_TOKEN',
      secret: String,
      token: npmToken,
    },
    pip: {
      context: await folder({ 'requirements.txt': 'greet==1.0.0\n' }),
      variable: 'PIP_INDEX_URL',
      secret: (word) => `https://ci:${word}@pypi.example.com/simple/`,
      token,
    },
    go: {
      context: await folder(goApp),
      variable: 'GOPROXY',
      secret: (word) => `https://ci:${word}@goproxy.example.com`,
      token,
    },
    cargo: {
      context: await folder({ ...cargoApp, '.cargo/config.toml': block('.cargo/config.toml') }),
      variable: 'CARGO_REGISTRIES_PRIVATE_TOKEN',
      secret: String,
      token,
    },
  }
})

/** Runs the page's own command, with more flags; without a token, no secret is given. */
async function build(name: string, word: string | undefined, flags: string[] = []) {
  const of = cases[name] as Case
  const command = new RegExp(`^docker build (--secret .* --file ${name}\\.Dockerfile) \\.$`, 'm').exec(
    page,
  )?.[1]
  if (!command) throw new Error(`docs/private-packages.md builds no ${name}.Dockerfile`)
  await writeFiles(of.context, { [`${name}.Dockerfile`]: block(`${name}.Dockerfile`) })
  const hosts = ['npm', 'pypi', 'goproxy', 'crates'].map((host) => `--add-host=${host}.example.com:${front}`)
  const base = `--build-context=${bases[name]}=docker-image://${images.reference(`base-${name}`)}`
  const fixed = ['build', '--builder=default', '--no-cache', '--progress=plain', base, ...hosts]
  return execa(
    'docker',
    [...fixed, ...(word === undefined ? [`--file=${name}.Dockerfile`] : command.split(' ')), ...flags, '.'],
    {
      cwd: of.context,
      env: word === undefined ? {} : { [of.variable]: of.secret(word) },
      reject: false,
    },
  )
}

describe.each(Object.entries(refused))('%s', (name, refusal) => {
  it('builds with the token, which is in no layer, configuration, provenance or cache', async () => {
    const out = await folder({})
    const flags = [
      `--output=type=oci,dest=${out}/image,tar=false,compression=uncompressed`,
      '--provenance=mode=max',
      `--cache-to=type=local,dest=${out}/cache,mode=max,compression=uncompressed`,
    ]
    const { token: used } = cases[name] as Case
    const { failed, stderr } = await build(name, used, flags)
    expect(failed, stderr).toBe(false)
    expect(stderr).not.toContain(used)
    // The package itself is there: what is searched is what was built.
    const found = async (needle: string) =>
      (await execa('grep', ['--recursive', '--files-with-matches', '--text', needle, out], { reject: false }))
        .stdout
    expect(await found('greet')).toContain(`${out}/image/blobs`)
    expect(await found('greet')).toContain(`${out}/cache/blobs`)
    expect(await found(used)).toBe('')
  })

  it('does not build with a wrong one', async () => {
    const { exitCode, stderr } = await build(name, 'wrong')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(refusal)
  })

  it('stops before it installs without one', async () => {
    const { exitCode, stderr } = await build(name, undefined)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/secret \S+: not found/)
  })
})
