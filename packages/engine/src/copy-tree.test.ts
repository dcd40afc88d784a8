import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, it } from 'vitest'
import { copyTree } from './copy-tree.ts'

it('copies what a commit of everything would hold', async () => {
  const root = await mkdtemp(join(tmpdir(), 'copy-tree-'))
  const write = (name: string, text = '') => writeFile(join(root, name), text)
  await execa('git', ['init', '--quiet'], { cwd: root })
  await write('.gitignore', 'ignored\n')
  for (const name of ['kept', 'changed', 'deleted']) await write(name)
  await execa('git', ['add', '--all'], { cwd: root })
  await rm(join(root, 'deleted'))
  await write('changed', 'now')
  for (const name of ['new', 'ignored']) await write(name)

  const copy = await copyTree(root)
  expect((await readdir(copy)).toSorted()).toEqual(['.gitignore', 'changed', 'kept', 'new'])
  expect(await readFile(join(copy, 'changed'), 'utf8')).toBe('now')
  for (const folder of [root, copy]) await rm(folder, { recursive: true })
})
