import { sampleImage, sampleLayer } from '@stagecraft/report/test/sample'
import { describe, expect, it } from 'vitest'
import { headline, reduction } from './reduction.ts'

const image = (variant: string, bytes: number, app = 'express-api') =>
  sampleImage({ app, variant, layers: [sampleLayer(bytes)] })

describe('the reduction of an image', () => {
  const single = image('single', 1000)

  it.each([
    [100, '10.0× smaller'],
    [2000, '2.0× larger'],
    [1000, 'same size'],
    [0, undefined],
  ])('of %i bytes against 1000 is %s', (bytes, text) => {
    const prod = image('prod', bytes)
    expect(reduction(prod, [single, prod], 'pull')).toBe(text)
    expect(reduction(prod, [single, prod], 'disk')).toBe(text)
  })

  it('is none for single itself, and in an app without one', () => {
    const other = image('prod', 10, 'react-spa')
    expect(reduction(single, [single, other], 'pull')).toBeUndefined()
    expect(reduction(other, [single, other], 'pull')).toBeUndefined()
  })
})

describe('the headline', () => {
  it('gives the range over the apps', () => {
    const images = [
      image('single', 1000),
      image('prod', 100),
      image('distroless', 50),
      image('single', 1000, 'react-spa'),
      image('prod', 50, 'react-spa'),
    ]
    expect(headline(images, 'pull')).toBe(
      'To pull, prod is 10.0 to 20.0 times smaller than single, distroless 20.0.',
    )
    expect(headline(images, 'disk')).toMatch(/^On disk, /)
  })

  it('is not said where nothing is smaller', () => {
    expect(headline([image('single', 10), image('prod', 20)], 'pull')).toBeUndefined()
    expect(headline([image('prod', 20)], 'pull')).toBeUndefined()
  })
})
