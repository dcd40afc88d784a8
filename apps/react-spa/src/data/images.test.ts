import { sampleImage, sampleReport } from '@stagecraft/report/test/sample'
import { describe, expect, it } from 'vitest'
import {
  failureWords,
  filterImages,
  groupByApp,
  historyPath,
  imageName,
  imagePath,
  imagesToCome,
  progressWords,
  standInSentence,
  unmeasured,
} from './images.ts'

describe('images', () => {
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
})

describe('progress', () => {
  const variants = ['single', 'prod', 'distroless', 'dev']
  const planned = variants.map((variant) => ({ app: 'express-api', variant }))
  const failure = {
    app: 'express-api',
    variant: 'distroless',
    step: 'build' as const,
    message: 'exit code: 1',
  }
  const running = sampleReport({ state: 'running', planned, failures: [failure] })

  it('knows the planned images that are neither measured nor failed, in their order', () => {
    expect(unmeasured(running).map(imageName)).toEqual(['express-api:single', 'express-api:dev'])
    expect(unmeasured(sampleReport())).toEqual([])
  })

  it('waits for them only while the report is running', () => {
    expect(imagesToCome(running)).toHaveLength(2)
    expect(imagesToCome({ ...running, state: 'interrupted' })).toEqual([])
  })

  it('says how many images are measured of how many, and how many failed', () => {
    expect(progressWords(running)).toBe('1 of 4 images measured, 1 failed')
    expect(progressWords({ ...running, failures: [] })).toBe('1 of 4 images measured')
    const images = [sampleImage(), sampleImage({ variant: 'dev' })]
    expect(progressWords(sampleReport({ state: 'running', images }))).toBe('2 images measured')
  })

  it('says what became of an image that failed', () => {
    expect(failureWords(failure)).toBe('express-api:distroless could not be built')
    expect(failureWords({ ...failure, step: 'start' })).toBe('express-api:distroless did not start')
  })
})

describe('stand in', () => {
  const on = (name: string, standIn: boolean) => sampleImage({ base: { name, standIn } })

  it('names each stand-in once and no official base', () => {
    const images = [on('node:24', true), on('node:24', true), on('nginx:1.30', true), on('scratch', false)]
    expect(standInSentence(images)).toMatch(/these bases were .*: node:24, nginx:1\.30\.$/)
    expect(standInSentence(images.slice(0, 2))).toMatch(/this base was .*: node:24\.$/)
  })

  it('says nothing of official bases', () => {
    expect(standInSentence([on('node:24', false)])).toBeUndefined()
  })
})
