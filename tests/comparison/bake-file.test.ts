import { join } from 'node:path'
import { loadImageConfig } from '@stagecraft/contract'
import {
  bake,
  bakeImages,
  engine,
  inspectImage,
  listApps,
  products,
  readRevision,
  variants,
} from '@stagecraft/engine'
import { execa } from 'execa'
import { beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const images = await bakeImages(root)
const apps = await listApps(root)

const docker = (...args: string[]) => execa('docker', args, { cwd: root, reject: false })

/** The targets that a target or group stands for, sorted. */
async function targets(name: string): Promise<string[]> {
  const { stdout } = await docker('buildx', 'bake', '--print', name)
  return Object.keys(JSON.parse(stdout).target).toSorted()
}

const named = (wanted: (image: (typeof images)[number]) => boolean) =>
  images
    .filter(wanted)
    .map(({ target }) => target)
    .toSorted()

describe('docker-bake.hcl', () => {
  it.each(apps)('has an image.config.ts for %s', async (app) => {
    await loadImageConfig(join(root, 'apps', app))
  })

  it('builds every prod image by default', async () => {
    expect(await targets('default')).toEqual(named(({ variant }) => variant === 'prod'))
  })

  it.each(variants)('has a group %s of the images of that variant', async (name) => {
    expect(await targets(name)).toEqual(named(({ variant }) => variant === name))
  })

  it.each(apps)('has a group %s of the images of that app', async (name) => {
    expect(await targets(name)).toEqual(named(({ app }) => app === name))
  })

  it("is clean of BuildKit's checks in every image, and leaves the images as they are", async () => {
    const ids = () => Promise.all(images.map(async ({ image }) => (await inspectImage(image)).Id))
    const before = await ids()
    expect(await targets('check')).toEqual(named(() => true).map((target) => `check-${target}`))
    const { exitCode, stdout } = await docker('buildx', 'bake', '--builder=default', 'check')
    expect(stdout.match(/no warnings found/g), stdout).toHaveLength(images.length)
    expect(exitCode).toBe(0)
    expect(await ids()).toEqual(before)
  })

  it('has a release of every product for every platform, with provenance and SBOM; all else is bare', async () => {
    const shipped = named(({ variant }) => products.includes(variant))
    expect(await targets('release')).toEqual(shipped.map((target) => `release-${target}`))
    const { stdout } = await docker('buildx', 'bake', '--print', 'release')
    for (const [name, of] of Object.entries<Record<string, unknown>>(JSON.parse(stdout).target))
      expect(of, name).toMatchObject({
        attest: [{ type: 'provenance', mode: 'max' }, { type: 'sbom' }],
        platforms: ['linux/amd64', 'linux/arm64'],
        output: [{ type: 'image', push: 'true', 'rewrite-timestamp': 'true' }],
      })
    const all = JSON.parse((await docker('buildx', 'bake', '--print', 'all')).stdout)
    for (const [name, of] of Object.entries<Record<string, unknown>>(all.target)) {
      expect(of.attest, name).toEqual([{ type: 'provenance', disabled: true }])
      for (const field of ['platforms', 'cache-from', 'cache-to', 'contexts'])
        expect(of[field], `${name} ${field}`).toBeUndefined()
    }
  })
})

describe('a built image', () => {
  beforeAll(() => bake(root, ['prod']))

  it.each(images.filter(({ variant }) => variant === 'prod'))(
    '$image is labelled with its commit and the time of it',
    async ({ image }) => {
      const { Config } = await inspectImage(image)
      const { revision, epoch } = await readRevision(root)
      const created = new Date(Number(epoch) * 1000).toISOString().replace('.000', '')
      expect(Config.Labels).toMatchObject({
        'org.opencontainers.image.revision': revision,
        'org.opencontainers.image.created': created,
      })
    },
  )

  it.each(images.filter(({ variant }) => variant === 'prod'))(
    '$image carries no attestation, which a stock engine without containerd refuses',
    async ({ image }) => {
      const [listed] = await (await engine()).listImages({ manifests: true, filters: { reference: [image] } })
      expect(listed?.Manifests?.map(({ Kind }) => Kind)).toEqual(['image'])
    },
  )
})
