import { sampleImage, sampleReport } from '@stagecraft/report/test/sample'
import { expect, it } from 'vitest'
import { checkReport } from './check-report.ts'
import { ReportError, type ReportFault } from './report-error.ts'

function faultOf(document: unknown): ReportFault | undefined {
  try {
    checkReport(document)
  } catch (error) {
    if (error instanceof ReportError) return error.fault
    throw error
  }
  return undefined
}

it('takes a report, with what a newer release adds to it', () => {
  const report = { ...sampleReport(), build: { seconds: 12 } }
  expect(checkReport(report)).toBe(report)
})

it.each([[null], ['text'], [{}], [[]]])('sees that %j is no report', (document) => {
  expect(faultOf(document)).toEqual({ kind: 'not-a-report' })
})

it('names the version of a report of another', () => {
  expect(faultOf({ ...sampleReport(), schemaVersion: 2 })).toEqual({ kind: 'other-version', version: 2 })
  expect(faultOf({ schemaVersion: '1' })).toEqual({ kind: 'other-version', version: '1' })
})

it('knows a report without images', () => {
  expect(faultOf(sampleReport({ images: [] }))).toEqual({ kind: 'no-images' })
})

it('takes a running report without images', () => {
  expect(faultOf(sampleReport({ state: 'running', images: [] }))).toBeUndefined()
})

it('says where a report breaks the schema', () => {
  const { run: _, ...image } = sampleImage()
  expect(faultOf({ ...sampleReport(), images: [image] })).toEqual({
    kind: 'broken',
    problems: [{ path: '/images/0', message: expect.stringContaining('run') }],
  })
})

it('does not take an image twice', () => {
  expect(faultOf(sampleReport({ images: [sampleImage(), sampleImage()] }))).toEqual({
    kind: 'broken',
    problems: [{ path: '/images/1', message: 'must not repeat express-api:prod of /images/0' }],
  })
})
