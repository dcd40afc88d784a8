import { readFile } from 'node:fs/promises'
import { block } from '@stagecraft/compare/block'
import { execa } from 'execa'
import { beforeAll, expect, it } from 'vitest'
import { type Compressed, compressedBytes, measureCompression, page, root } from './compression.ts'

let rows: Compressed[]
beforeAll(async () => {
  rows = await measureCompression()
})

it('COMPRESSION decides how every output is compressed, and only gzip is forced', async () => {
  for (const [kind, force] of [
    ['gzip', true],
    ['zstd', false],
  ] as const) {
    const { stdout } = await execa('docker', ['buildx', 'bake', '--print', 'all'], {
      cwd: root,
      env: { COMPRESSION: kind },
    })
    const targets = Object.entries<{ output: unknown }>(JSON.parse(stdout).target)
    expect(targets.length).toBeGreaterThanOrEqual(rows.length)
    for (const [target, { output }] of targets)
      expect(output, target).toEqual([
        expect.objectContaining({ compression: kind, 'force-compression': String(force) }),
      ])
  }
})

it('a compression changes how layers are stored, and nothing in them', () => {
  for (const { app, layers } of rows) {
    for (const kind of ['gzip', 'zstd'] as const)
      expect(new Set(layers[kind].map(({ compression }) => compression)), app).toEqual(new Set([kind]))
    expect(layers.gzip.map(({ diffId }) => diffId)).toEqual(layers.zstd.map(({ diffId }) => diffId))
  }
})

it('docs/compression.md is up to date; if it is stale: node tests/comparison/compression.ts', async () => {
  const text = block(page, await readFile(page, 'utf8'))
  for (const { app, layers } of rows) {
    const [, gzip, zstd] = new RegExp(`^\\| ${app} +\\| +([\\d.]+) \\| +([\\d.]+) `, 'm').exec(text) ?? []
    for (const [shown, own] of [
      [gzip, layers.gzip],
      [zstd, layers.zstd],
    ] as const) {
      const megabytes = compressedBytes(own) / 1e6
      expect(Math.abs(Number(shown) - megabytes), `${app}: ${shown} shown`).toBeLessThan(
        0.01 + megabytes / 20,
      )
    }
  }
})
