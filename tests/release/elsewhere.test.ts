import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually, findBuildkit, startBuilder, startRegistry } from '@stagecraft/engine'
import type { Report } from '@stagecraft/report'
import { home } from '@stagecraft/scripts/engine'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, it } from 'vitest'

/** A project outside this repository, as docs/bake.md has it, on every kind of builder that can be had. */

const root = join(import.meta.dirname, '../..')
const page = await readFile(join(root, 'docs/bake.md'), 'utf8')
const resources = new AsyncDisposableStack()
afterAll(() => resources.disposeAsync())

/** The first block of the page in a language. */
const block = (language: string) =>
  new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'ms').exec(page)?.[1] ?? ''

let project: string
/** The page's command, from a project that is not beside this repository. */
let command: string[]
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'project-'))
  resources.defer(() => rm(project, { recursive: true }))
  await writeFile(join(project, 'Dockerfile'), 'FROM scratch\nCOPY hello /\nUSER 65532:65532\n')
  await writeFile(join(project, 'hello'), 'hello\n')
  await writeFile(join(project, 'docker-bake.hcl'), block('hcl'))
  const line = /^docker (buildx bake --file=\.\.\/stagecraft\/.*) mine$/m.exec(page)?.[1] ?? ''
  command = line.replace('../stagecraft', root).split(' ')
})

const bake = (targets: string[], env: Record<string, string>) =>
  execa('docker', [...command, '--progress=plain', ...targets], { cwd: project, env })

it("builds with this file's labels into an engine, and as a release into a registry", async () => {
  const image = `stagecraft-fixture/${randomUUID()}:mine`
  await bake(['mine', `--set=mine.tags=${image}`], {
    BUILDX_BUILDER: 'default',
    IMAGE_REVISION: 'e'.repeat(40),
  })
  resources.defer(async () => void (await execa('docker', ['image', 'rm', image])))
  const { stdout } = await execa('docker', ['image', 'inspect', image, '--format={{json .Config}}'])
  expect(JSON.parse(stdout)).toMatchObject({
    User: '65532:65532',
    Labels: { 'org.opencontainers.image.revision': 'e'.repeat(40) },
  })

  await using registry = await startRegistry()
  await using builder = await startBuilder(await findBuildkit(), registry)
  const env = { ...builder.env, IMAGE_REGISTRY: registry.address, IMAGE_VERSION: '1.2.0' }
  // Its SBOM is release.test.ts's to see to: there is a scanner in its registry.
  await bake(['release-mine', '--set=release-mine.attest=type=sbom,disabled=true'], env)
  const reference = `${registry.address}/mine:1.2.0`
  const { stdout: index } = await execa('docker', ['buildx', 'imagetools', 'inspect', reference])
  expect(index).toContain('linux/amd64')
  expect(index).toContain('linux/arm64')
  expect(index).toContain('attestation-manifest')
})

it('builds with a builder of its own container, for platforms that are read one beside the other', async () => {
  const config = await mkdtemp(join(tmpdir(), 'buildx-'))
  const env = { BUILDX_CONFIG: config, BUILDX_BUILDER: 'own' }
  const image = `--driver-opt=image=${await findBuildkit()}`
  await execa('docker', ['buildx', 'create', '--name=own', '--driver=docker-container', image], { env })
  try {
    const { stderr } = await bake(['mine'], env)
    expect(stderr).toContain('COPY hello /')
    const out = join(project, 'out.tar')
    const platforms = ['linux/amd64', 'linux/arm64']
    const set = [`--set=mine.output=type=oci,dest=${out}`, `--set=mine.platform=${platforms}`]
    await bake(['mine', ...set], env)
    const compare = ['packages/compare/src/cli.ts', `--image=${out}`, '--json']
    const asked = platforms.map((platform) => `--platform=${platform}`)
    const { stdout } = await execa('node', [...compare, ...asked], { cwd: root })
    const { others, differences } = JSON.parse(stdout) as Report
    expect(others?.map(({ image }) => image)).toEqual(platforms.map((platform) => `${out} (${platform})`))
    for (const { notRun } of others ?? []) expect(notRun).toMatch(/^An archive is only read\./)
    // One file, which is the same for both.
    expect(differences?.map(({ changes }) => changes)).toEqual([[]])
  } finally {
    await execa('docker', ['buildx', 'rm', 'own'], { env })
    await rm(config, { recursive: true })
  }
})

const dockerd = join(home, 'usr/sbin/dockerd')

// Another engine with another image store, in a network namespace of its own: where set-up has installed one, as root.
it.runIf(existsSync(dockerd))("builds on an engine without containerd's image store", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'engine-'))
  const socket = `unix://${folder}/docker.sock`
  await writeFile(
    join(folder, 'daemon.json'),
    JSON.stringify({ features: { 'containerd-snapshotter': false } }),
  )
  const flags = ['--config-file', '--data-root', '--exec-root', '--pidfile'].map(
    (flag) => `${flag}=${folder}/${flag === '--config-file' ? 'daemon.json' : flag.slice(2)}`,
  )
  const args = [`--host=${socket}`, '--bridge=none', '--iptables=false', '--ip6tables=false', ...flags]
  const engine = spawn('unshare', ['--net', dockerd, ...args], {
    env: { ...process.env, PATH: `${home}/usr/bin:${home}/usr/sbin:${process.env.PATH}` },
    stdio: 'ignore',
  })
  const ended = new Promise((resolve) => engine.on('exit', resolve))
  try {
    const env = { DOCKER_HOST: socket, BUILDX_BUILDER: '' }
    const answers = () => execa('docker', ['info', '--format={{json .DriverStatus}}'], { env, reject: false })
    const status = await eventually(60_000, async () => {
      const { failed, stdout } = await answers()
      return failed ? undefined : stdout
    })
    expect(status).toMatch(/^\[\[/)
    expect(status).not.toContain('io.containerd.snapshotter')
    await bake(['mine'], env)
    const { stdout } = await execa(
      'docker',
      ['image', 'inspect', 'mine:latest', '--format={{.Config.User}}'],
      { env },
    )
    expect(stdout).toBe('65532:65532')
  } finally {
    engine.kill()
    await ended
    await rm(folder, { recursive: true })
  }
})
