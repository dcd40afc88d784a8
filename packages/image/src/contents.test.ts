import { describe, expect, it } from 'vitest'
import {
  deleted,
  directory,
  file,
  hardLink,
  ociArchive,
  opaque,
  symlink,
  type TestEntry,
} from '../test/archive.ts'
import { contents } from './contents.ts'
import { readImage } from './image.ts'
import { eachLeaf, mergeLayers } from './tree.ts'

const program = (name: string, body = 'x') => file(name, body, { mode: 0o755 })

async function imageOf(...layers: TestEntry[][]) {
  return readImage(await ociArchive({ layers }))
}

async function contentsOf(...layers: TestEntry[][]) {
  return contents(await imageOf(...layers))
}

async function pathsOf(...layers: TestEntry[][]): Promise<string[]> {
  const paths: string[] = []
  eachLeaf(mergeLayers((await imageOf(...layers)).layers).root, (path) => paths.push(path))
  return paths.sort()
}

describe('the final tree', () => {
  it('has what later layers add, replace and leave', async () => {
    expect(await pathsOf([file('a'), file('d/b')], [file('a'), file('d/c')])).toEqual(['/a', '/d/b', '/d/c'])
  })

  it('lacks what a later layer deletes, directories as a whole', async () => {
    expect(await pathsOf([file('a'), file('d/b'), file('d/e/c')], [deleted('a'), deleted('d')])).toEqual([])
  })

  it('keeps what the deleting layer itself puts there, in either order', async () => {
    const lower = [file('d/old')]
    expect(await pathsOf(lower, [deleted('d'), file('d/new')])).toEqual(['/d/new'])
    expect(await pathsOf(lower, [file('d/new'), deleted('d')])).toEqual(['/d/new'])
    expect(await pathsOf(lower, [file('d/new'), opaque('d')])).toEqual(['/d/new'])
  })

  it('lacks all that lies below an opaque directory, and its siblings stay', async () => {
    expect(await pathsOf([file('d/x/old'), file('d/old'), file('e/old')], [opaque('d')])).toEqual(['/e/old'])
  })

  it('survives a deletion of what is not there', async () => {
    expect(await pathsOf([file('a')], [deleted('b'), deleted('no/c'), deleted('a/b'), opaque('z')])).toEqual([
      '/a',
    ])
  })

  it('puts what is written through a linked directory where the link leads', async () => {
    const merged = [directory('usr/bin'), symlink('bin', 'usr/bin'), symlink('usr/local', '/opt/./../opt')]
    expect(await pathsOf(merged, [file('bin/x'), file('usr/local/y')], [deleted('bin/x')])).toEqual([
      '/bin',
      '/opt/y',
      '/usr/local',
    ])
  })

  it('replaces a link by a directory, a directory by a file and a file by a directory', async () => {
    expect(await pathsOf([symlink('a', 'b'), file('b/x')], [directory('a/'), file('a/y')])).toEqual([
      '/a/y',
      '/b/x',
    ])
    expect(await pathsOf([file('a/x')], [file('a')])).toEqual(['/a'])
    expect(await pathsOf([file('a')], [file('a/x')])).toEqual(['/a/x'])
  })

  it('keeps what a directory holds when only its mode changes', async () => {
    expect(await pathsOf([file('d/a')], [{ ...directory('d'), mode: 0o777 }])).toEqual(['/d/a'])
  })

  it('survives links that lead in circles, out of the root or nowhere', async () => {
    const links = [symlink('a', 'b'), symlink('b', 'a'), symlink('up', '../../..'), symlink('no', 'where')]
    expect(await pathsOf(links, [file('a/x'), file('up/y'), file('no/z')])).toEqual([
      '/a/x',
      '/b',
      '/no',
      '/up',
      '/where/z',
      '/y',
    ])
  })
})

describe('waste', () => {
  it('is what later layers overwrite or delete', async () => {
    const { wasted, wastedBytes, wastedBy } = await contentsOf(
      [file('kept', '1'), file('replaced', '22'), file('cache/deleted', '333')],
      [file('replaced', '4444'), deleted('cache')],
      [deleted('replaced')],
    )
    expect(wastedBytes).toBe(9)
    expect(wasted).toEqual([
      { path: '/replaced', bytes: 4, layer: 1, by: 2 },
      { path: '/cache/deleted', bytes: 3, layer: 0, by: 1 },
      { path: '/replaced', bytes: 2, layer: 0, by: 1 },
    ])
    expect(wastedBy).toEqual([
      { path: '/cache/deleted', files: 2, bytes: 5, layer: 0, by: 1 },
      { path: '/replaced', files: 1, bytes: 4, layer: 1, by: 2 },
    ])
  })

  it('includes a file whose copy differs in its owner only', async () => {
    const { wasted } = await contentsOf([file('app', '12345')], [file('app', '12345', { uid: 1000 })])
    expect(wasted).toEqual([{ path: '/app', bytes: 5, layer: 0, by: 1 }])
  })

  it('includes a hard-linked file once, when its last name is gone', async () => {
    const lower = [file('a', '12345'), hardLink('b', 'a')]
    expect((await contentsOf(lower, [deleted('a')])).wastedBytes).toBe(0)
    expect((await contentsOf(lower, [deleted('a'), deleted('b')])).wastedBytes).toBe(5)
    expect((await contentsOf(lower, [file('a', '12345', { uid: 1 }), hardLink('b', 'a')])).wasted).toEqual([
      { path: '/a', bytes: 5, layer: 0, by: 1 },
    ])
  })

  it('is what the layers carry and the final tree does not', async () => {
    const image = await imageOf(
      [file('a', '1'.repeat(100)), hardLink('b', 'a'), file('d/c', '22'), file('e', '3')],
      [deleted('a'), file('d', '4444'), file('e', '55555')],
      [file('f', '66'), deleted('b'), hardLink('g', 'f'), file('h', '7'), file('h', '88')],
    )
    const { wastedBytes, largestFiles } = contents(image)
    const final = largestFiles.reduce((sum, { bytes }) => sum + bytes, 0)
    expect({ final, wastedBytes }).toEqual({ final: 13, wastedBytes: 103 })
    expect(image.unpackedBytes).toBe(final + wastedBytes)
  })

  it('lists the 20 largest', async () => {
    const files = Array.from({ length: 30 }, (_, index) => file(`f${index}`, 'x'.repeat(index)))
    const { wasted, wastedBytes } = await contentsOf(
      files,
      files.map(({ name }) => deleted(name)),
    )
    expect(wasted).toHaveLength(20)
    expect(wasted[0]).toEqual({ path: '/f29', bytes: 29, layer: 0, by: 1 })
    expect(wastedBytes).toBe(435)
  })
})

describe('files', () => {
  it('are counted by name, executables by any execute bit', async () => {
    const layer = [file('a'), hardLink('b', 'a'), program('c'), symlink('d', 'c'), directory('e')]
    expect(await contentsOf(layer)).toMatchObject({ files: 3, executables: 1 })
  })

  it('that are largest come first, a hard-linked one once', async () => {
    const { largestFiles } = await contentsOf([file('z', '1'), hardLink('a', 'z'), file('m', '22')])
    expect(largestFiles).toEqual([
      { path: '/m', bytes: 2 },
      { path: '/a', bytes: 1 },
    ])
  })

  it('with the setuid or setgid bit are listed, directories are not', async () => {
    const layer = [
      file('bin/su', '', { mode: 0o4755 }),
      file('bin/wall', '', { mode: 0o2755 }),
      { ...directory('var/mail'), mode: 0o2775 },
      { ...directory('tmp'), mode: 0o1777 },
    ]
    expect((await contentsOf(layer)).setuidFiles).toEqual(['/bin/su', '/bin/wall'])
    expect((await contentsOf(layer, [file('bin/su', '', { mode: 0o755 })])).setuidFiles).toEqual([
      '/bin/wall',
    ])
  })
})

describe('tools', () => {
  it('are shells, also as links to one', async () => {
    const { shells } = await contentsOf([
      program('bin/busybox'),
      symlink('bin/sh', '/bin/busybox'),
      hardLink('bin/ash', 'bin/busybox'),
      symlink('bin/bash', '/gone'),
      file('opt/zsh'),
      directory('usr/share/dash'),
    ])
    expect(shells).toEqual(['/bin/ash', '/bin/busybox', '/bin/sh'])
  })

  it('are under the path where they are once links among directories are followed', async () => {
    const merged = [symlink('bin', 'usr/bin'), program('usr/bin/dash'), symlink('usr/bin/sh', 'dash')]
    expect((await contentsOf(merged)).shells).toEqual(['/usr/bin/dash', '/usr/bin/sh'])
  })

  it('are package managers', async () => {
    const { packageManagers } = await contentsOf([
      program('usr/bin/apt-get'),
      program('usr/local/lib/node_modules/npm/bin/npm-cli.js'),
      symlink('usr/local/bin/npm', '../lib/node_modules/npm/bin/npm-cli.js'),
      program('usr/bin/pip3.13'),
      program('usr/bin/pipe'),
      program('etc/cron.daily/dpkg'),
      program('usr/share/bug/dpkg'),
      directory('var/lib/apt'),
    ])
    expect(packageManagers).toEqual(['/usr/bin/apt-get', '/usr/bin/pip3.13', '/usr/local/bin/npm'])
  })

  it('are compilers, with a target and a version in their name too', async () => {
    const names = [
      'gcc',
      'gcc-14',
      'x86_64-linux-gnu-gcc-14',
      'x86_64-alpine-linux-musl-g++',
      'cc',
      'clang-19',
    ]
    const others = ['go', 'rustc', 'ld.bfd', 'as', 'make', 'arm-linux-gnueabihf-ld']
    const none = ['gcc-ar-14', 'ldd', 'asd', 'goo', 'tsc', 'makeinfo', 'cctl']
    const layer = [...names, ...others, ...none].map((name) => program(`usr/bin/${name}`))
    expect((await contentsOf(layer)).compilers).toEqual(
      [...names, ...others].map((name) => `/usr/bin/${name}`).sort(),
    )
  })

  it('are gone when a later layer deletes them', async () => {
    expect((await contentsOf([program('bin/sh')], [deleted('bin/sh')])).shells).toEqual([])
  })
})

describe('packages', () => {
  const manifest = (name: string, version: string) => JSON.stringify({ name, version })

  it('of the final tree count, each name and version once, sorted', async () => {
    const { npmPackages, osPackages } = await contentsOf(
      [
        file('app/node_modules/old/package.json', manifest('old', '1.0.0')),
        file('app/node_modules/b/package.json', manifest('b', '1.0.0')),
        file('var/lib/dpkg/status', 'Package: bash\nStatus: install ok installed\nVersion: 5\n'),
      ],
      [
        deleted('app/node_modules/old'),
        file('app/node_modules/b/node_modules/a/package.json', manifest('a', '2.0.0')),
        file('srv/node_modules/a/package.json', manifest('a', '2.0.0')),
        file('srv/node_modules/b/package.json', manifest('b', '0.9.0')),
        file('var/lib/dpkg/status', 'Package: dash\nStatus: install ok installed\nVersion: 0.5\n'),
      ],
    )
    expect(npmPackages.map(({ name, version }) => `${name} ${version}`)).toEqual([
      'a 2.0.0',
      'b 0.9.0',
      'b 1.0.0',
    ])
    expect(osPackages).toEqual([{ name: 'dash', version: '0.5' }])
  })

  it('are read where a linked directory leads', async () => {
    const { osPackages } = await contentsOf([
      directory('usr/lib'),
      symlink('lib', 'usr/lib'),
      file('lib/apk/db/installed', 'P:musl\nV:1.2.5-r9\n'),
    ])
    expect(osPackages).toEqual([{ name: 'musl', version: '1.2.5-r9' }])
  })

  it('that could not be read are named', async () => {
    const { osPackages, unread } = await contentsOf([file('lib/apk/db/installed', 'x'.repeat(5 << 20))])
    expect({ osPackages, unread }).toEqual({ osPackages: [], unread: ['/lib/apk/db/installed'] })
  })

  it('come with the users of the last passwd', async () => {
    const { users } = await contentsOf(
      [file('etc/passwd', 'root:x:0:0:::\n')],
      [file('etc/passwd', 'root:x:0:0:::\napp:x:10001:0::/app:/bin/sh\n')],
    )
    expect(users).toEqual([
      { name: 'root', uid: 0, gid: 0, home: '', shell: '' },
      { name: 'app', uid: 10001, gid: 0, home: '/app', shell: '/bin/sh' },
    ])
  })
})
