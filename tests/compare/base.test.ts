import { randomUUID } from 'node:crypto'
import { findBaseOf } from '@stagecraft/compare/others'
import { inspectImage, removedWithThisProcess } from '@stagecraft/engine'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, it } from 'vitest'

const base = 'node:26-trixie-slim'
const name = `fixture-${randomUUID().slice(0, 8)}`
const dockerfiles = {
  settings: `FROM ${base}\nUSER 1000\n`,
  more: `FROM ${base}\nWORKDIR /made\n`,
}

beforeAll(async () => {
  const labels = Object.entries(removedWithThisProcess()).map(([key, value]) => `--label=${key}=${value}`)
  for (const [tag, input] of Object.entries(dockerfiles))
    await execa('docker', ['buildx', 'build', ...labels, `--tag=${name}:${tag}`, '-'], { input })
})
afterAll(() =>
  execa('docker', ['image', 'rm', '--force', ...Object.keys(dockerfiles).map((tag) => `${name}:${tag}`)]),
)

it('the base of an image is the one that has most of its layers, and no image that was made from it', async () => {
  const layersOf = async (tag: string) =>
    (await inspectImage(`${name}:${tag}`)).RootFS.Layers?.map((diffId) => ({ diffId })) ?? []
  expect(await layersOf('settings')).toEqual((await layersOf('more')).slice(0, -1))
  expect(await findBaseOf({ layers: await layersOf('more') })).toBe(base)
})
