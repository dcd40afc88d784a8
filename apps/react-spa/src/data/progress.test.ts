import { sampleImage, sampleReport } from '@stagecraft/report/test/sample'
import { expect, it } from 'vitest'
import { imageName } from './images.ts'
import { failureWords, imagesToCome, progressWords, unmeasured } from './progress.ts'

const variants = ['single', 'prod', 'distroless', 'dev']
const planned = variants.map((variant) => ({ app: 'express-api', variant }))
const failure = { app: 'express-api', variant: 'distroless', step: 'build' as const, message: 'exit code: 1' }
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
