import { join } from 'node:path'
import { bakeImages, products } from '@stagecraft/engine'
import { appBases } from '@stagecraft/engine/test/app-bases'
import { execa } from 'execa'
import { describe, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const all = (await bakeImages(root)).filter(({ context }) => context !== '.')
const bases = await appBases(root, all)
const images = all.filter(({ app, variant }) => bases.get(app) === 'python' && products.includes(variant))

describe.concurrent('of what it imports, Python compiles nothing but the app when it starts', () => {
  it.for(images)('$image', { timeout: 60_000 }, async ({ image }, { expect, onTestFinished }) => {
    const { stdout: container } = await execa('docker', ['run', '--detach', '--env=PYTHONVERBOSE=1', image])
    onTestFinished(async () => void (await execa('docker', ['rm', '--force', container])))
    const status = async () =>
      (await execa('docker', ['inspect', '--format={{.State.Health.Status}}', container])).stdout
    await expect.poll(status, { timeout: 30_000, interval: 500 }).toBe('healthy')
    const { stderr } = await execa('docker', ['logs', container])
    // What Python says of each module that it has compiled and may not keep.
    const compiled = [...stderr.matchAll(/^# could not create '([^']+)'/gm)].map(([, path]) => path as string)
    expect(stderr).toMatch(/^# .*\.pyc matches /m)
    // Debian's hook for its crash reports: a few lines, and no part of the official image.
    const known = /^\/app\/|\/sitecustomize\./
    expect([...new Set(compiled)].filter((path) => !known.test(path))).toEqual([])
  })
})
