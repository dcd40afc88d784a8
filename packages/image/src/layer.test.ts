import { randomBytes } from 'node:crypto'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import {
  deleted,
  digestOf,
  directory,
  file,
  hardLink,
  ociArchive,
  opaque,
  streamOf,
  symlink,
  type TestEntry,
  tarOf,
} from '../test/archive.ts'
import { type LayerEntry, readImage } from './image.ts'
import { analyseLayer } from './layer.ts'

async function entriesOf(layer: TestEntry[]): Promise<LayerEntry[]> {
  const image = await readImage(await ociArchive({ layers: [layer] }))
  return image.layers[0]?.entries ?? []
}

async function pathsOf(layer: TestEntry[]): Promise<string[]> {
  return (await entriesOf(layer)).map((entry) => entry.path)
}

async function analyse(blob: Buffer, chunk?: number, needles: string[] = []) {
  const bytes = needles.map((needle) => Buffer.from(needle))
  return analyseLayer(blob.subarray(0, 512), streamOf(blob, chunk), bytes)
}

describe('entries', () => {
  it('keep type, mode, owner, size and target', async () => {
    const layer = [
      { ...directory('app/'), mode: 0o1777 },
      file('app/su', 'four', { mode: 0o4755, uid: 1000, gid: 65532 }),
      symlink('app/link', '../etc/x'),
      hardLink('app/hard', 'app/su'),
      { name: 'dev/null', type: 'character-device' as const },
      { name: 'run/pipe', type: 'fifo' as const },
    ]
    expect((await entriesOf(layer)).map((entry) => Object.values(entry).join(' '))).toEqual([
      '/app directory 1023 0 0 0 ',
      '/app/su file 2541 1000 65532 4 ',
      '/app/link symlink 420 0 0 0 ../etc/x',
      '/app/hard link 420 0 0 0 /app/su',
      '/dev/null device 420 0 0 0 ',
      '/run/pipe fifo 420 0 0 0 ',
    ])
  })

  it('have absolute, normal paths', async () => {
    const written = ['./usr//bin/x', '/etc/y', 'a/../b', '../../c', './', 'dir/']
    expect(await pathsOf(written.map((name) => file(name)))).toEqual([
      '/usr/bin/x',
      '/etc/y',
      '/b',
      '/c',
      '/',
      '/dir',
    ])
  })

  it('may have long paths and names in any script', async () => {
    const long = `${'deep/'.repeat(60)}file`
    expect(await pathsOf([file(long), file('naïve/日本'), symlink('s', long)])).toEqual([
      `/${long}`,
      '/naïve/日本',
      '/s',
    ])
  })

  it('take a large owner from the pax header', async () => {
    const [entry] = await entriesOf([{ ...file('x'), pax: { uid: '4294967294', gid: '3000000' } }])
    expect(entry).toMatchObject({ uid: 4294967294, gid: 3000000 })
  })

  it('tell deletions and opaque directories from files, and skip AUFS metadata', async () => {
    const layer = [deleted('etc/gone'), opaque('var/cache'), file('.wh..wh.plnk/1.2'), file('.wh..wh.orph')]
    expect((await entriesOf(layer)).map(({ type, path }) => [type, path])).toEqual([
      ['whiteout', '/etc/gone'],
      ['opaque', '/var/cache'],
    ])
  })

  it('in a layer that holds none are none', async () => {
    expect(await entriesOf([])).toEqual([])
  })
})

describe('compression', () => {
  it('is told by the first bytes', async () => {
    const tar = await tarOf([file('a', randomBytes(300_000))])
    for (const [blob, compression] of [
      [tar, 'none'],
      [gzipSync(tar), 'gzip'],
      [zstdCompressSync(tar), 'zstd'],
    ] as const)
      expect(await analyse(blob)).toMatchObject({ compression, unpackedBytes: 300_000 })
  })

  it('may come in several gzip members', async () => {
    const tar = await tarOf([file('a', randomBytes(300_000))])
    const blob = Buffer.concat([gzipSync(tar.subarray(0, 100_000)), gzipSync(tar.subarray(100_000))])
    for (const chunk of [999, blob.length]) expect((await analyse(blob, chunk)).diffId).toBe(digestOf(tar))
  })

  it('may come in several zstd frames with skippable ones between, cut anywhere', async () => {
    const tar = await tarOf([file('a', randomBytes(2000)), file('b', 'b'.repeat(5000))])
    const skippable = Buffer.from('\x50\x2a\x4d\x18\x03\x00\x00\x00abc', 'latin1')
    const frames = [0, 700, 1500, 3000].map((at, index, all) =>
      zstdCompressSync(tar.subarray(at, all[index + 1])),
    )
    const blob = Buffer.concat([skippable, ...frames.flatMap((frame) => [frame, skippable])])
    for (const chunk of [1, 2, 3, 11, 100, blob.length])
      expect((await analyse(blob, chunk)).diffId).toBe(digestOf(tar))
  })
})

describe('texts', () => {
  it('hold packages and users, under the path of the file', async () => {
    const { texts } = await analyse(
      await tarOf([
        file('var/lib/dpkg/status.d/libc6', 'Package: libc6\nVersion: 2.41-1\n'),
        file('var/lib/dpkg/status.d/libc6.md5sums', 'Package: no\nVersion: 1\n'),
        file('app/node_modules/@a/b/package.json', '{"name":"@a/b","version":"1.0.0","scripts":{}}'),
        file('app/node_modules/b/lib/package.json', '{"name":"no","version":"1.0.0"}'),
        file(
          'opt/venv/lib/python3.14/site-packages/flask-3.1.2.dist-info/METADATA',
          'Name: Flask\nVersion: 3.1.2\n',
        ),
        file('src/Cargo.lock', '[[package]]\nname = "libc"\nversion = "0.2.180"\nsource = "registry+x"\n'),
        file('root/.cargo/registry/src/x-1/bat-0.26.0/Cargo.lock', '[[package]]\nname = "no"\n'),
        file('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1001::/home/node:\n'),
      ]),
    )
    expect(texts).toEqual({
      '/var/lib/dpkg/status.d/libc6': { os: [{ name: 'libc6', version: '2.41-1' }] },
      '/app/node_modules/@a/b/package.json': { npm: [{ name: '@a/b', version: '1.0.0' }] },
      '/opt/venv/lib/python3.14/site-packages/flask-3.1.2.dist-info/METADATA': {
        python: [{ name: 'flask', version: '3.1.2' }],
      },
      '/src/Cargo.lock': { rust: [{ name: 'libc', version: '0.2.180' }] },
      '/etc/passwd': {
        users: [
          { name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/sh' },
          { name: 'node', uid: 1000, gid: 1001, home: '/home/node', shell: '' },
        ],
      },
    })
  })

  it("reach a package.json that is a hard link into pnpm's store", async () => {
    const stored = 'root/.local/share/pnpm/store/v10/files/0a/bc12'
    const { texts } = await analyse(
      await tarOf([
        file(stored, '{"name":"ms","version":"2.1.3"}'),
        file(stored.replace('bc12', 'bc13'), 'module.exports = 1'),
        hardLink('usr/src/app/node_modules/ms/package.json', stored),
        hardLink('usr/src/app/node_modules/ms/index.js', stored.replace('bc12', 'bc13')),
      ]),
    )
    expect(texts).toEqual({
      '/usr/src/app/node_modules/ms/package.json': { npm: [{ name: 'ms', version: '2.1.3' }] },
    })
  })

  it('leave out what is too large, and say so', async () => {
    const status = 'Package: a\nVersion: 1\n\n'.repeat(250_000)
    const { texts, unread } = await analyse(await tarOf([file('var/lib/dpkg/status', status)]))
    expect({ texts, unread }).toEqual({ texts: {}, unread: ['/var/lib/dpkg/status'] })
  })
})

describe('needles', () => {
  it('are found across chunks of any size', async () => {
    const body = Buffer.concat([randomBytes(5000), Buffer.from('canary-1234'), randomBytes(5000)])
    const tar = await tarOf([file('a', body), file('b', 'canary-123'), file('c', '4')])
    for (const chunk of [1, 2, 5, 10, 512, tar.length])
      expect((await analyse(tar, chunk, ['canary-1234'])).found).toEqual([[0, '/a']])
  })

  it('are found in names and link targets too', async () => {
    const tar = await tarOf([file('etc/canary.txt'), symlink('x', '/tmp/canary'), deleted('canary')])
    expect((await analyse(tar, undefined, ['canary'])).found).toEqual([
      [0, '/etc/canary.txt'],
      [0, '/x'],
      [0, '/canary'],
    ])
  })

  it('are told for each layer, deleted files included', async () => {
    const archive = await ociArchive({
      layers: [[file('.npmrc', 'token=s3cret')], [deleted('.npmrc')], [file('ok', 'T0KEN')]],
    })
    const { layers } = await readImage(archive, { needles: ['s3cret', 'T0KEN', 's3cret', 'absent'] })
    expect(layers.map((layer) => layer.found)).toEqual([
      [{ needle: 's3cret', path: '/.npmrc' }],
      [],
      [{ needle: 'T0KEN', path: '/ok' }],
    ])
  })

  it('must not be empty', async () => {
    await expect(readImage(await ociArchive({ layers: [] }), { needles: [''] })).rejects.toThrow(TypeError)
  })
})
