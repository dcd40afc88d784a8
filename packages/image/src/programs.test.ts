import { randomBytes } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { deleted, file, hardLink, ociArchive } from '../test/archive.ts'
import { elfOf, type TestElf } from '../test/elf.ts'
import { contents } from './contents.ts'
import { readImage } from './image.ts'
import { PROGRAM_LIMIT, scanProgram } from './programs.ts'

function factsOf(program: Buffer, chunk = program.length) {
  const scan = scanProgram(program.length)
  for (let at = 0; at < program.length; at += chunk) scan.push(program.subarray(at, at + chunk))
  return scan.facts()
}

const classes: Pick<TestElf, 'bits' | 'order'>[] = [
  { bits: 64, order: 'little' },
  { bits: 64, order: 'big' },
  { bits: 32, order: 'little' },
  { bits: 32, order: 'big' },
]

/** As Go's linker writes it: debug/buildinfo/buildinfo.go in Go's standard library. */
function goBuildInfo(version: string, lines: string[]): Buffer {
  const start = Buffer.from('\xff Go buildinf:\x08\x02'.padEnd(32, '\0'), 'latin1')
  const sentinels = [
    '0w\xaf\f\x92t\b\x02A\xe1\xc1\x07\xe6\xd6\x18\xe6',
    '\xf92C1\x86\x18 r\0\x82B\x10A\x16\xd8\xf2',
  ]
  const text = Buffer.from(sentinels.join(`${lines.join('\n')}\n`), 'latin1')
  return Buffer.concat([
    start,
    ...[Buffer.from(version), text].flatMap((each) => [uvarint(each.length), each]),
  ])
}

function uvarint(value: number): Buffer {
  const bytes = value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...uvarint(value >> 7)]
  return Buffer.from(bytes)
}

const buildInfo = goBuildInfo('go1.26.0', [
  'path\texample.com/app/cmd',
  'mod\texample.com/app\t(devel)\t',
  'dep\tgolang.org/x/sys\tv0.40.0\th1:DBZZqJ2Rkml6QMQsZywtnjnnGvHza6BTfYFWY9kjEWQ=',
  'dep\texample.com/forked\tv1.0.0',
  '=>\texample.com/fork\tv1.0.1\th1:4Fk5q1yaJMqgqYJW7ZK8lh6BSAlPZEgJv6N5nLZRYNQ=',
  'dep\texample.com/local\tv0.1.0',
  '=>\t../local\t(devel)\t',
  'build\t-compiler=gc',
])
const modules = [
  { name: 'stdlib', version: 'go1.26.0' },
  { name: 'example.com/app', version: '(devel)' },
  { name: 'golang.org/x/sys', version: 'v0.40.0' },
  { name: 'example.com/fork', version: 'v1.0.1' },
  { name: 'example.com/local', version: '(devel)' },
]

describe('Go modules', () => {
  it.each(classes)('are read of a program of $bits bits, $order-endian', (kind) => {
    expect(factsOf(elfOf({ ...kind, data: buildInfo }))).toEqual({ go: modules })
  })

  it('are found across chunks of any size, behind other data', () => {
    const program = elfOf({ data: Buffer.concat([randomBytes(9984), buildInfo, randomBytes(9984)]) })
    for (const chunk of [1, 7, 16, 100, 4096, 4097, program.length])
      expect(factsOf(program, chunk)).toEqual({ go: modules })
  })

  it('are found in a program of any size', () => {
    const program = elfOf({ readOnly: Buffer.alloc(PROGRAM_LIMIT), data: buildInfo })
    expect(factsOf(program, 65_536)).toEqual({ go: modules })
  })

  it('are its own, not those of a program that it carries', () => {
    const other = goBuildInfo('go1.20', ['mod\texample.com/other\tv1.0.0'])
    expect(factsOf(elfOf({ readOnly: other, data: buildInfo }))).toEqual({ go: modules })
    expect(factsOf(elfOf({ readOnly: other, data: Buffer.from('no Go') }))).toBeUndefined()
  })

  it('are not mistaken for what only begins like them', () => {
    const unaligned = Buffer.concat([Buffer.alloc(8), goBuildInfo('go1.20', []), Buffer.alloc(16)])
    const pointers = Buffer.from('\xff Go buildinf:\x08\x00'.padEnd(48, '\x01'), 'latin1')
    const endless = Buffer.concat([buildInfo.subarray(0, 32), Buffer.alloc(16, 0xff)])
    const none = [unaligned, pointers, endless].map((each) =>
      Buffer.concat([each, Buffer.alloc(-each.length & 15)]),
    )
    expect(factsOf(elfOf({ data: Buffer.concat([...none, buildInfo]) }), 10)).toEqual({ go: modules })
    for (const data of none) expect(factsOf(elfOf({ data }))).toBeUndefined()
  })

  it('of a program without a module are the standard library', () => {
    const bare = Buffer.concat([buildInfo.subarray(0, 32), Buffer.from('\x08go1.26.0\0')])
    expect(factsOf(elfOf({ data: bare }))).toEqual({ go: [{ name: 'stdlib', version: 'go1.26.0' }] })
  })
})

/** As cargo-auditable writes it: PARSING.md and cargo-auditable.schema.json of its repository. */
const audit = deflateSync(
  JSON.stringify({
    packages: [
      { name: 'app', version: '0.1.0', source: 'local', dependencies: [1, 2, 3], root: true },
      { name: 'libc', version: '0.2.180', source: 'crates.io' },
      { name: 'cc', version: '1.2.50', source: 'crates.io', kind: 'build' },
      { name: 'patched', version: '2.0.0', source: 'git', kind: 'runtime' },
    ],
  }),
)
const crates = [
  { name: 'libc', version: '0.2.180' },
  { name: 'patched', version: '2.0.0' },
]

describe('Rust crates', () => {
  it.each(classes)('are read of a program of $bits bits, $order-endian', (kind) => {
    const sections = { '.text': Buffer.alloc(100), '.dep-v0': audit }
    const program = elfOf({ ...kind, data: Buffer.alloc(5000), sections })
    for (const chunk of [100, 4096, program.length]) expect(factsOf(program, chunk)).toEqual({ rust: crates })
  })

  it('are not read of a program that is too large to be held', () => {
    const sections = { '.dep-v0': audit }
    expect(
      factsOf(elfOf({ data: Buffer.alloc(16), readOnly: Buffer.alloc(PROGRAM_LIMIT), sections })),
    ).toBeUndefined()
  })

  it.each([
    ['are no zlib', Buffer.from('text')],
    ['are cut short', audit.subarray(0, 40)],
    ['are no JSON', deflateSync('text')],
    ['have no packages', deflateSync('{}')],
    ['unpack without end', deflateSync(Buffer.alloc(64 * 1024 * 1024))],
  ])('are none when the bytes %s', (_, section) => {
    expect(factsOf(elfOf({ data: Buffer.alloc(16), sections: { '.dep-v0': section } }))).toBeUndefined()
  })
})

describe('a file', () => {
  const whole = elfOf({ data: buildInfo, sections: { '.dep-v0': audit } })

  it('that is no ELF file names nothing', () => {
    for (const body of ['#!/bin/sh\n', '\x7fELF', 'x']) expect(factsOf(Buffer.from(body))).toBeUndefined()
    expect(factsOf(Buffer.concat([Buffer.from('x'), whole]))).toBeUndefined()
  })

  it('that is cut short or corrupt names nothing that is not there', () => {
    const program = elfOf({ data: Buffer.alloc(16), sections: { '.dep-v0': audit } })
    const damaged = Array.from(program, (_, at) => [
      program.subarray(0, at),
      Buffer.from(program).fill(0xff, at, at + 1),
    ]).flat()
    for (const each of damaged) expect([undefined, { rust: crates }]).toContainEqual(factsOf(each))
  })
})

it('names the modules and crates of the executable programs of an image, wherever they are', async () => {
  const program = { mode: 0o755 }
  const other = elfOf({ data: goBuildInfo('go1.25.0', ['mod\texample.com/other\tv1.0.0']) })
  const image = await readImage(
    await ociArchive({
      layers: [
        [file('gone', other, program), file('data.bin', other)],
        [
          deleted('gone'),
          file('app', elfOf({ data: buildInfo }), program),
          hardLink('opt/app', 'app'),
          file('srv/rust', elfOf({ data: Buffer.alloc(16), sections: { '.dep-v0': audit } }), program),
          file('src/Cargo.lock', '[[package]]\nname = "libc"\nversion = "0.2.180"\nsource = "registry+x"\n'),
        ],
      ],
    }),
  )
  const { goModules, rustCrates } = contents(image)
  expect(goModules).toEqual(modules.toSorted((a, b) => (a.name < b.name ? -1 : 1)))
  expect(rustCrates).toEqual(crates)
})
