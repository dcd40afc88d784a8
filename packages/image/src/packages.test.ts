import { expect, it } from 'vitest'
import { parseApkInstalled, parseDpkgStatus, parsePackageJson, sortPackages } from './packages.ts'

it('reads what dpkg has installed, without what it has removed but for its settings', () => {
  const status = `Package: libc6
Status: install ok installed
Depends: libgcc-s1
Version: 2.41-12
Description: GNU C Library
 Package: not a field
 .
 Version: 0

Package: gone
Status: deinstall ok config-files
Version: 1

Package: half
Status: install ok half-configured
Version: 1
`
  expect(parseDpkgStatus(status)).toEqual([{ name: 'libc6', version: '2.41-12' }])
})

it('takes a package without a status as installed, as distroless images have it', () => {
  expect(parseDpkgStatus('Package: tzdata\nVersion: 2026a-0+deb13u1\nArchitecture: all')).toEqual([
    { name: 'tzdata', version: '2026a-0+deb13u1' },
  ])
})

it('reads what apk has installed', () => {
  const installed = `C:Q1abc=
P:musl
V:1.2.5-r9
A:x86_64
F:lib
R:ld-musl-x86_64.so.1

P:busybox
V:1.37.0-r12
`
  expect(parseApkInstalled(installed)).toEqual([
    { name: 'musl', version: '1.2.5-r9' },
    { name: 'busybox', version: '1.37.0-r12' },
  ])
})

it('takes a package.json for a package only when it has a name and a version', () => {
  expect(parsePackageJson('{"name":"a","version":"1.0.0","private":true}')).toEqual([
    { name: 'a', version: '1.0.0' },
  ])
  for (const text of ['{"type":"module"}', '{"name":"a","version":1}', '{"name":', 'text', '', '[]', 'null'])
    expect(parsePackageJson(text)).toEqual([])
})

it('sorts packages by name and version, each pair once', () => {
  const packages = ['b 1', 'a 2', 'a 10', 'b 1', 'a-b 1'].map((each) => {
    const [name = '', version = ''] = each.split(' ')
    return { name, version }
  })
  expect(sortPackages(packages).map(({ name, version }) => `${name} ${version}`)).toEqual([
    'a 10',
    'a 2',
    'a-b 1',
    'b 1',
  ])
})
