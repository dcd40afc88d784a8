import { sampleImage } from '@stagecraft/report/test/sample'
import { describe, expect, it } from 'vitest'
import { filterPackages, listPackages, summarize, worstFirst } from './lists.ts'

describe('contract', () => {
  const results = [
    { id: 'ready', verdict: 'pass', detail: '' },
    { id: 'ports', verdict: 'excused', detail: 'has a debugger' },
    { id: 'stops', verdict: 'fail', detail: 'exit code 143' },
    { id: 'logs', verdict: 'pass', detail: '' },
  ] as const

  it('shows what is broken first and keeps the order otherwise', () => {
    expect(worstFirst(results).map(({ id }) => id)).toEqual(['stops', 'ports', 'ready', 'logs'])
  })

  it('counts the verdicts in one sentence', () => {
    expect(summarize(results)).toBe('2 of 4 promises kept, 1 excused, 1 broken.')
    expect(summarize([results[0]])).toBe('1 of 1 promises kept.')
  })
})

describe('packages', () => {
  const packages = listPackages({
    ...sampleImage().contents,
    osPackages: [
      { name: 'zlib1g', version: '1:1.3' },
      { name: 'libc6', version: '2.41-12' },
    ],
    npmPackages: [
      { name: 'yallist', version: '4.0.0' },
      { name: 'yallist', version: '5.0.0' },
      { name: 'yallist', version: '5.0.0' },
    ],
  })

  it('lists packages by name, those of the operating system first', () => {
    expect(packages.map(({ name }) => name)).toEqual(['libc6', 'zlib1g', 'yallist', 'yallist', 'yallist'])
  })

  it('lists those of Python, Go and Rust behind them where a report has them', () => {
    const named = (name: string) => [{ name, version: '1.0.0' }]
    const contents = {
      ...sampleImage().contents,
      pythonPackages: named('Flask'),
      goModules: named('stdlib'),
      rustCrates: named('libc'),
    }
    expect(listPackages(contents).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'OS libc6',
      'npm express',
      'Python Flask',
      'Go stdlib',
      'Rust libc',
    ])
  })

  it('tells a package that is there twice apart', () => {
    expect(new Set(packages.map(({ key }) => key)).size).toBe(packages.length)
  })

  it('finds packages by words of their names and versions', () => {
    expect(filterPackages(packages, 'YALL 5.')).toHaveLength(2)
    expect(filterPackages(packages, '2.41')).toMatchObject([{ name: 'libc6', kind: 'OS' }])
    expect(filterPackages(packages, '')).toHaveLength(packages.length)
  })
})
