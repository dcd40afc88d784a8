import { readFile } from 'node:fs/promises'
import { block } from '@stagecraft/compare/block'
import { beforeAll, expect, it } from 'vitest'
import { type Compressed, compressedBytes, measureCompression, page } from './compression.ts'

let rows: Compressed[]
beforeAll(async () => {
  rows = await measureCompression()
})

it('COMPRESSION decides how what is built here is compressed, and changes nothing else', () => {
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
