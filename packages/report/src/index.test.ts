import { describe, expect, it } from 'vitest'
import { sampleImage, sampleReport } from '../test/sample.ts'
import { isReport, reportProblems } from './index.ts'

const image = sampleImage()
const report = sampleReport()

describe('a report', () => {
  it('keeps its schema', () => {
    expect(reportProblems(report)).toEqual([])
    expect(isReport(report)).toBe(true)
  })

  it('may have properties that this version does not know', () => {
    expect(isReport({ ...report, build: { seconds: 12 } })).toBe(true)
  })

  it.each([
    [{ ...report, schemaVersion: 2 }, '/schemaVersion'],
    [{ ...report, images: [] }, '/images'],
    [{ ...report, host: { ...report.host, cpus: 1.5 } }, '/host/cpus'],
    [{ ...report, images: [{ ...image, app: 'Express API' }] }, '/images/0/app'],
    [{ ...report, images: [{ ...image, variant: '../prod' }] }, '/images/0/variant'],
    [{ ...report, images: [{ ...image, layers: [{}] }] }, '/images/0/layers/0'],
    ['a string', ''],
    [null, ''],
  ])('has a problem at the place that breaks the schema (%#)', (value, path) => {
    expect(reportProblems(value)).toEqual([{ path, message: expect.any(String) }])
    expect(isReport(value)).toBe(false)
  })

  it.each(['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.123456789Z', '0000-01-01T00:00:00Z'])(
    'may be made at %s',
    (createdAt) => {
      expect(reportProblems({ ...report, createdAt })).toEqual([])
      expect(Date.parse(createdAt)).not.toBeNaN()
    },
  )

  it.each([
    '2026-02-30T12:00:00Z',
    '2016-12-31T23:59:60Z',
    '2026-01-31T12:00:00+02:00',
    '2026-01-31T12:00:00',
    '2026-01-31',
    'yesterday',
  ])('cannot be made at %s', (createdAt) => {
    expect(reportProblems({ ...report, createdAt }).map(({ path }) => path)).toContain('/createdAt')
  })

  it('names an app and variant only once', () => {
    const images = [image, { ...image, variant: 'dev' }, image]
    expect(reportProblems({ ...report, images })).toEqual([
      { path: '/images/2', message: 'must not repeat express-api:prod of /images/0' },
    ])
  })

  const planned = [
    { app: 'express-api', variant: 'prod' },
    { app: 'express-api', variant: 'dev' },
  ]
  const failure = { app: 'express-api', variant: 'dev', step: 'build' as const, message: 'exit code: 1' }

  it('may grow from nothing to all figures, and be of another machine', () => {
    const stages = [
      { state: 'running', planned, doing: 'building express-api', images: [] },
      { state: 'running', planned, doing: 'building express-api', failures: [failure] },
      { state: 'interrupted', planned, images: [] },
      { state: 'done', planned, images: [], failures: [failure] },
      { images: [], failures: [failure] },
      { state: 'done', published: true },
    ]
    for (const stage of stages) expect(reportProblems({ ...report, ...stage })).toEqual([])
  })

  it.each([
    [{ state: 'done', images: [] }, '/images'],
    [{ images: [], failures: [] }, '/images'],
    [{ failures: [{ ...failure, variant: 'prod' }] }, '/failures/0'],
    [{ failures: [failure, failure] }, '/failures/1'],
    [{ planned: [...planned, planned[0]] }, '/planned/2'],
    [{ failures: [{ ...failure, step: 'guess' }] }, '/failures/0/step'],
    [{ failures: [{ ...failure, message: 'a'.repeat(16_385) }] }, '/failures/0/message'],
    [{ state: 'paused' }, '/state'],
    [{ doing: 'a'.repeat(201) }, '/doing'],
  ])('has a problem where what it says of its making is wrong (%#)', (changes, path) => {
    expect(reportProblems({ ...report, ...changes }).map((problem) => problem.path)).toContain(path)
  })

  it('lists at most 50 problems', () => {
    expect(reportProblems({ ...report, images: Array(1000).fill({}) })).toHaveLength(50)
    expect(reportProblems({ ...report, images: Array(1000).fill(image) })).toHaveLength(50)
  })
})
