import { join } from 'node:path'
import { checkImage, openBakeImage } from '@stagecraft/contract'
import { bake, bakeImages } from '@stagecraft/engine'
import { beforeAll, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const images = (await bakeImages(root)).filter(({ variant }) => variant === 'prod')

beforeAll(() => bake(root, ['prod']))

// Thousands of requests in a row: one that the machine keeps waiting is asked again.
it.each(images)('$image lets go of what it refuses', { retry: 1 }, async (image) => {
  await using subject = await openBakeImage(root, image)
  const { value } = await checkImage(subject, ['flood']).next()
  expect(value?.verdict, value?.detail).not.toBe('fail')
})
