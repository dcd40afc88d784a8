import { sampleImage, sampleLayer } from '@stagecraft/report/test/sample'
import { expect, it } from 'vitest'
import { instruction, segments } from './layers.ts'

function imageOf(sizes: number[], baseLayers?: number) {
  const base = { name: 'node:24-slim', standIn: false }
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
