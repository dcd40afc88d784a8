import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { block, replaceBlock } from './block.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'block-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('replaces what stands between the markers and leaves the rest and no other file', async () => {
  const path = join(folder, 'page.md')
  await writeFile(path, 'before\n<!-- compare:start -->\nold\n<!-- compare:end -->\nafter\n')
  await replaceBlock(path, 'new')
  const text = await readFile(path, 'utf8')
  expect(text).toBe('before\n<!-- compare:start -->\n\nnew\n\n<!-- compare:end -->\nafter\n')
  expect(block(path, text)).toBe('new')
  await replaceBlock(path, 'newer')
  expect(block(path, await readFile(path, 'utf8'))).toBe('newer')
  expect(await readdir(folder)).toEqual(['page.md'])
})

it('says which lines to add to a page without markers, and leaves it alone', async () => {
  const path = join(folder, 'page.md')
  await writeFile(path, 'no place')
  await expect(replaceBlock(path, 'new')).rejects.toMatchObject({
    code: 'NO_BLOCK',
    next: expect.stringContaining('<!-- compare:start -->'),
  })
  expect(await readFile(path, 'utf8')).toBe('no place')
})
