import { join } from 'node:path'
import { checkImage, loadImageConfig, openSubject } from '@stagecraft/contract'
import { bake, bakeImages } from '@stagecraft/engine'
import { beforeAll, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const images = (await bakeImages(root)).filter(({ variant }) => variant === 'prod')

beforeAll(() => bake(root, ['prod']))

it.each(images)('$image lets go of what it refuses', async ({ app, variant, image }) => {
  const appDir = join(root, 'apps', app)
  const config = await loadImageConfig(appDir)
  await using subject = openSubject({ app, variant, image, config, appDir })
  const { value } = await checkImage(subject, ['flood']).next()
  expect(value?.verdict, value?.detail).not.toBe('fail')
})
