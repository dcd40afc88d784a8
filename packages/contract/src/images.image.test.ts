import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { bake, bakeImages } from './bake.ts'
import { checkImage, checksFor } from './check-image.ts'
import { loadImageConfig } from './config.ts'
import { openSubject, type Subject } from './subject.ts'

const root = join(import.meta.dirname, '../../..')
const images = await bakeImages(root)
const apps = [...new Set(images.map(({ app }) => app))]

describe('the bake file', () => {
  it('has images of every app, and an app for every image', async () => {
    const entries = await readdir(join(root, 'apps'), { withFileTypes: true })
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
    expect(apps.toSorted()).toEqual(folders.toSorted())
  })

  it.each(apps)('has an image.config.ts for %s', async (app) => {
    expect(existsSync(join(root, 'apps', app, 'image.config.ts'))).toBe(true)
    await loadImageConfig(join(root, 'apps', app))
  })
})

beforeAll(() => bake(root, ['all']))

for (const app of apps) {
  describe(`images of ${app}`, () => {
    for (const { variant, image } of images.filter((each) => each.app === app)) {
      describe.concurrent(`${app}:${variant}`, () => {
        let subject: Subject

        beforeAll(async () => {
          const appDir = join(root, 'apps', app)
          const config = await loadImageConfig(appDir)
          subject = openSubject({
            app,
            variant,
            image,
            config,
            appDir,
            layerCache: join(root, '.cache/layers'),
          })
          return () => subject[Symbol.asyncDispose]()
        })

        for (const { id, promise } of checksFor({ variant })) {
          it(`${id}: ${promise}`, { concurrent: false }, async ({ skip }) => {
            const { value } = await checkImage(subject, [id]).next()
            if (value?.verdict === 'excused') skip(value.detail)
            expect(value?.verdict, value?.detail).toBe('pass')
          })
        }
      })
    }
  })
}
