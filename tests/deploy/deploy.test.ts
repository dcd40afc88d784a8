import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadImageConfig } from '@stagecraft/contract'
import { buildHostTools } from '@stagecraft/engine/test/host-tools'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'

const root = join(import.meta.dirname, '../..')
const kubernetes = join(root, 'deploy/kubernetes')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploy-'))
  await buildHostTools(join(import.meta.dirname, 'tools'), join(folder, 'tools'))
})
afterAll(() => rm(folder, { recursive: true }))

const tool = (name: string, args: string[], input?: string) =>
  execa(join(folder, 'tools', name), args, {
    cwd: root,
    reject: false,
    all: true,
    ...(input !== undefined && { input }),
  })

describe('the workflows', () => {
  it('are sound, says actionlint', async () => {
    const { all, exitCode } = await tool('actionlint', ['-no-color'])
    expect(all).toBe('')
    expect(exitCode).toBe(0)
  })

  it('are not when one has a fault, and it is named', async () => {
    const text = await readFile(join(root, '.github/workflows/bake.yml'), 'utf8')
    const fault = text.replace('steps.files.outputs.list', 'steps.file.outputs.list')
    expect(fault).not.toBe(text)
    const { all, exitCode } = await tool('actionlint', ['-no-color', '-'], fault)
    expect(all).toContain('property "file" is not defined')
    expect(exitCode).toBe(1)
  })
})

it('a workflow that calls bake.yml, as docs/bake.md has it, is sound elsewhere, and names inputs that the callee has', async () => {
  const page = await readFile(join(root, 'docs/bake.md'), 'utf8')
  const caller = `name: mine\non: push\n${/^```yaml\n(.*?)^```$/ms.exec(page)?.[1]}`
  expect((await tool('actionlint', ['-no-color', '-'], caller)).all).toBe('')
  const { jobs } = parse(caller)
  const [, path = ''] = /^stagecraft\/stagecraft\/(\S+)@main$/.exec(jobs.release.uses) ?? []
  const { on } = parse(await readFile(join(root, path), 'utf8'))
  for (const input of Object.keys(jobs.release.with))
    expect(Object.keys(on.workflow_call.inputs)).toContain(input)
})

it.each([
  ['compose.yaml', async () => readFile(join(root, 'compose.yaml'), 'utf8')],
  [
    'the example of docs/deploy.md',
    async () => /^```yaml\n(.*?)^```$/ms.exec(await readFile(join(root, 'docs/deploy.md'), 'utf8'))?.[1],
  ],
])('%s is sound, says Compose', async (_what, read) => {
  const args = ['compose', '--file=-', '--project-name=judged', 'config', '--quiet']
  const { all, exitCode } = await execa('docker', args, {
    cwd: folder,
    input: (await read()) ?? '',
    reject: false,
    all: true,
  })
  expect(all).toBe('')
  expect(exitCode).toBe(0)
})

it('compose.yaml publishes nothing but on the loopback', async () => {
  const { services } = parse(await readFile(join(root, 'compose.yaml'), 'utf8'), { merge: true })
  const published = Object.values<{ ports?: string[] }>(services).flatMap(({ ports = [] }) => ports)
  expect(published).not.toEqual([])
  for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/)
})

/** What of an API object is looked at here. */
interface Resource {
  kind: string
  metadata: { name: string; namespace?: string }
  spec: Record<string, unknown>
}

interface Probe {
  httpGet: { path: string; port: string }
}

interface Pod {
  terminationGracePeriodSeconds: number
  automountServiceAccountToken: boolean
  securityContext: object
  volumes: { name: string; emptyDir?: object }[]
  containers: {
    name: string
    image: string
    env?: { name: string; value: string }[]
    ports: { containerPort: number }[]
    lifecycle: { preStop: { sleep: { seconds: number } } }
    livenessProbe: Probe
    readinessProbe: Probe
    resources: { limits: { memory: string } }
    securityContext: object
    volumeMounts: { name: string; mountPath: string }[]
  }[]
}

interface Deployment extends Resource {
  spec: { replicas: number; template: { spec: Pod } }
}

/** What `kubectl apply --kustomize` would send. */
async function render(of = kubernetes): Promise<string> {
  const { stdout, failed, all } = await tool('kustomize', ['build', of])
  if (failed) throw new Error(all)
  return stdout
}

const validate = (manifests: string) =>
  tool(
    'kubeconform',
    ['-strict', '-summary', `-schema-location=${folder}/tools/schemas/{{.ResourceKind}}{{.KindSuffix}}.json`],
    manifests,
  )

describe('the manifests for Kubernetes', () => {
  let manifests: string
  let resources: Resource[]
  let deployments: Deployment[]
  const pods = () => deployments.map(({ metadata, spec }) => ({ app: metadata.name, ...spec.template.spec }))
  beforeAll(async () => {
    manifests = await render()
    resources = parseAllDocuments(manifests).map((document) => document.toJS())
    deployments = resources.filter((each): each is Deployment => each.kind === 'Deployment')
  })

  it("are valid by the API's schemas, says kubeconform", async () => {
    const { all, exitCode } = await validate(manifests)
    expect(all).toMatch(/^Summary: 10 resources found .* Valid: 10, Invalid: 0, Errors: 0, Skipped: 0/)
    expect(exitCode).toBe(0)
  })

  it('are not when one has a field that the API does not know, and it is named', async () => {
    const copy = join(folder, 'fault')
    await cp(kubernetes, copy, { recursive: true })
    const file = join(copy, 'react-spa.yaml')
    await writeFile(file, (await readFile(file, 'utf8')).replace('replicas: 2', 'replica: 2'))
    const { all, exitCode } = await validate(await render(copy))
    expect(all).toMatch(/Deployment react-spa is invalid: .*replica/)
    expect(exitCode).toBe(1)
  })

  it('ask each app as its configuration says', async () => {
    expect(deployments.map(({ metadata }) => metadata.name)).toEqual([
      'express-api',
      'fastify-service',
      'react-spa',
    ])
    for (const { app, containers, volumes } of pods()) {
      const { port, ready, routes, writable = [] } = await loadImageConfig(join(root, 'apps', app))
      const [container] = containers
      expect(container?.ports).toEqual([{ name: 'http', containerPort: port }])
      expect(container?.readinessProbe.httpGet).toEqual({ path: ready, port: 'http' })
      const live = container?.livenessProbe.httpGet.path
      expect(routes.find(({ path }) => path === live)).toMatchObject({ status: 200 })
      const mounts = container?.volumeMounts.map(({ mountPath }) => mountPath)
      expect(mounts).toEqual(['/tmp', ...writable])
      expect(volumes.find(({ name }) => name === 'tmp')?.emptyDir).toEqual({
        medium: 'Memory',
        sizeLimit: '64Mi',
      })
    }
  })

  it('let no pod have more rights than the contract tries each image with', () => {
    for (const { securityContext, containers, automountServiceAccountToken } of pods()) {
      expect(automountServiceAccountToken).toBe(false)
      expect(securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      })
      expect(containers[0]?.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
      })
    }
  })

  it('give each the memory that Compose gives it', async () => {
    const compose = parse(await readFile(join(root, 'compose.yaml'), 'utf8'), { merge: true })
    for (const { app, containers } of pods())
      expect(containers[0]?.resources.limits.memory.replace('Mi', 'm')).toBe(compose.services[app].mem_limit)
  })

  it('wait for a pod that stops longer than it may take: 5 s, and what preStop sleeps', () => {
    for (const { terminationGracePeriodSeconds, containers } of pods()) {
      const asleep = containers[0]?.lifecycle.preStop.sleep.seconds ?? 0
      expect(asleep).toBeGreaterThan(0)
      expect(terminationGracePeriodSeconds).toBeGreaterThan(asleep + 5)
    }
  })

  it('replace pods with none missing, and drain nodes so, where there is more than one', () => {
    const budgets = resources.filter(({ kind }) => kind === 'PodDisruptionBudget')
    const several = deployments.filter(({ spec }) => spec.replicas > 1)
    expect(budgets.map(({ metadata }) => metadata.name)).toEqual(several.map(({ metadata }) => metadata.name))
    for (const { spec } of several)
      expect(spec).toMatchObject({ strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } })
  })

  it('name services as the DNS of the cluster does: nginx asks for whole names', () => {
    const spa = pods().find(({ app }) => app === 'react-spa')
    const urls = spa?.containers[0]?.env?.map(({ value }) => value)
    const services = resources
      .filter(({ kind, metadata }) => kind === 'Service' && metadata.name !== 'react-spa')
      .map(({ metadata, spec }) => {
        const [{ port }] = spec.ports as [{ port: number }]
        return `http://${metadata.name}.${metadata.namespace}.svc.cluster.local:${port}`
      })
    expect(urls).toEqual(services)
  })

  it('run what a release has pushed', async () => {
    const { stdout } = await execa('docker', ['buildx', 'bake', '--print', 'release'], { cwd: root })
    const targets = Object.values<{ tags: string[] }>(JSON.parse(stdout).target)
    const tags = targets.flatMap((target) => target.tags)
    for (const { containers } of pods()) expect(tags).toContain(containers[0]?.image)
  })
})

describe('renovate.json', () => {
  const config = join(root, 'renovate.json')
  let validator: string
  beforeAll(async () => {
    const prefix = join(folder, 'renovate')
    // Its native parts are for the work, not for the validator.
    const flags = [`--prefix=${prefix}`, '--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund']
    await execa('npm', ['install', ...flags, 'renovate@44.121.2'], { cwd: folder })
    validator = join(prefix, 'node_modules/.bin/renovate-config-validator')
  })

  const judge = (file: string) =>
    execa(validator, ['--strict', file], { reject: false, all: true, env: { LOG_LEVEL: 'error' } })

  it("is sound, says Renovate's own validator", async () => {
    const { all, exitCode } = await judge(config)
    expect(all).toBe('')
    expect(exitCode).toBe(0)
  })

  it('is not with an option that Renovate does not know, and it is named', async () => {
    const file = join(folder, 'renovate.json')
    await writeFile(file, (await readFile(config, 'utf8')).replace('"matchManagers"', '"matchManager"'))
    const { all, exitCode } = await judge(file)
    expect(all).toContain('matchManager')
    expect(exitCode).toBe(1)
  })
})
