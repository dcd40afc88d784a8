import { sampleImage } from '@stagecraft/report/test/sample'
import { expect, it } from 'vitest'
import { filterImages, groupByApp, historyPath, imageName, imagePath } from './images.ts'

const images = [
  sampleImage({ app: 'express-api', variant: 'single' }),
  sampleImage({ app: 'react-spa', variant: 'prod' }),
  sampleImage({ app: 'express-api', variant: 'prod' }),
]
const all = { text: '', app: '', variant: '' }
const names = (filter: Partial<typeof all>): string[] =>
  filterImages(images, { ...all, ...filter }).map(imageName)

it('keeps the order of apps and of their images', () => {
  expect(groupByApp(images).map(([app, each]) => [app, each.map(({ variant }) => variant)])).toEqual([
    ['express-api', ['single', 'prod']],
    ['react-spa', ['prod']],
  ])
})

it('finds images by app, by variant, and by every word of a text in any case', () => {
  expect(names({})).toHaveLength(3)
  expect(names({ app: 'express-api' })).toEqual(['express-api:single', 'express-api:prod'])
  expect(names({ variant: 'prod', app: 'react-spa' })).toEqual(['react-spa:prod'])
  expect(names({ text: ' PROD  express ' })).toEqual(['express-api:prod'])
  expect(names({ text: 'nothing of the kind' })).toEqual([])
})

it('has paths that keep odd names apart', () => {
  const odd = { app: 'a/b', variant: 'c?d' }
  expect(imagePath(odd)).toBe('/images/a%2Fb/c%3Fd')
  expect(historyPath(odd)).toBe('/history/a%2Fb/c%3Fd')
})
