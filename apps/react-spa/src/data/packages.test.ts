import { sampleImage } from '@stagecraft/report/test/sample'
import { expect, it } from 'vitest'
import { filterPackages, listPackages } from './packages.ts'

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
