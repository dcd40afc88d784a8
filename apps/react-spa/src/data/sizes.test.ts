import { sampleImage, sampleLayer } from '@stagecraft/report/test/sample'
import { describe, expect, it } from 'vitest'
import { headline, instruction, reduction, segments } from './sizes.ts'

describe('reduction', () => {
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
        image('single', 1000, 'go-hello'),
        image('prod', 100, 'go-hello'),
        image('scratch', 10, 'go-hello'),
      ]
      expect(headline(images, 'pull')).toBe(
        'To pull, prod is 10.0 to 20.0 times smaller than single, distroless 20.0, scratch 100.0.',
      )
      expect(headline(images, 'disk')).toMatch(/^On disk, /)
    })

    it('is not said where nothing is smaller', () => {
      expect(headline([image('single', 10), image('prod', 20)], 'pull')).toBeUndefined()
      expect(headline([image('prod', 20)], 'pull')).toBeUndefined()
    })
  })
})

describe('layers', () => {
  function imageOf(sizes: number[], baseLayers?: number) {
    const base = { name: 'node:slim', standIn: false }
    return sampleImage({
      layers: sizes.map((bytes) => sampleLayer(bytes)),
      base: baseLayers === undefined ? base : { ...base, layers: baseLayers },
    })
  }

  it('makes a piece of each layer that can be seen', () => {
    expect(segments(imageOf([300, 200, 100], 2), 'pull', 10)).toEqual([
      { origin: 'base', first: 0, last: 0, bytes: 300 },
      { origin: 'base', first: 1, last: 1, bytes: 200 },
      { origin: 'own', first: 2, last: 2, bytes: 100 },
    ])
  })

  it('lays thin layers together, but never those of the base with the others', () => {
    expect(segments(imageOf([300, 1, 1, 1, 2, 200, 1], 3), 'pull', 10)).toEqual([
      { origin: 'base', first: 0, last: 2, bytes: 302 },
      { origin: 'own', first: 3, last: 6, bytes: 204 },
    ])
  })

  it('loses no byte of 200 thin layers', () => {
    const pieces = segments(imageOf(Array(200).fill(3), 100), 'disk', 50)
    expect(pieces.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(1200)
    expect(pieces.length).toBeLessThan(30)
  })

  it('leaves empty layers out', () => {
    expect(segments(imageOf([0, 5, 0]), 'pull', 1)).toEqual([
      { origin: 'unknown', first: 1, last: 1, bytes: 5 },
    ])
    expect(segments(imageOf([]), 'pull', 1)).toEqual([])
  })

  it.each([
    ['COPY /app ./ # buildkit', 'COPY /app ./'],
    ['RUN /bin/sh -c npm ci # buildkit', 'RUN npm ci'],
    ['RUN |2 A=1 B=2 /bin/sh -c set -eu\nnpm ci\n # buildkit', 'RUN set -eu\nnpm ci'],
    ['/bin/sh -c #(nop)  CMD ["node"]', 'CMD ["node"]'],
    ['/bin/sh -c apt-get update', 'RUN apt-get update'],
    ['WORKDIR /app', 'WORKDIR /app'],
    ['', undefined],
  ])('reads the instruction in the history %j', (createdBy, text) => {
    expect(instruction(sampleLayer(1, createdBy))).toBe(text)
  })
})
