import type { Rebuild } from '@stagecraft/report/schema'
import { sampleImage, sampleReport } from '@stagecraft/report/test/sample'
import { expect, it } from 'vitest'
import { builtImages, measuredScenarios, rebuildOf, seconds } from './scenarios.ts'

const spread = { median: 1900, min: 1800, max: 2100, runs: 3 }
const line: Rebuild = { scenario: 'line', tookMs: spread, ran: [], cached: 3, pushedBytes: 1600 }
const unchanged: Rebuild = { scenario: 'unchanged', tookMs: spread, ran: [], cached: 3 }

it('says seconds with their margin, of one run without', () => {
  expect(seconds(spread)).toBe('1.9 ± 0.5')
  expect(seconds({ ...spread, runs: 1 })).toBe('1.9')
})

it('knows which scenarios were measured, in their order, and of which images', () => {
  const [built, other] = [sampleImage({ build: [line, unchanged] }), sampleImage({ variant: 'dev' })]
  expect(measuredScenarios([built, other])).toEqual(['unchanged', 'line'])
  expect(builtImages(sampleReport({ images: [built, other] }))).toEqual([built])
  expect(rebuildOf(built, 'line')).toBe(line)
  expect(rebuildOf(other, 'line')).toBeUndefined()
})

it('counts an image that only failed to build', () => {
  const failed = sampleImage({ buildFailures: [{ scenario: 'line', message: 'no' }] })
  expect(builtImages(sampleReport({ images: [failed] }))).toEqual([failed])
})
