import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, it, onTestFinished } from 'vitest'
import { readLines } from './lines.ts'
import { raise } from './raise.ts'

const root = join(import.meta.dirname, '../../../..')

/** A clone with what is not committed yet. */
async function clone(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'raise-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await execa('git', ['clone', '--quiet', root, folder])
  const { stdout } = await execa('git', ['diff', '--binary', 'HEAD'], { cwd: root, stripFinalNewline: false })
  if (stdout) await execa('git', ['apply'], { cwd: folder, input: stdout })
  await execa('git', ['add', '--all'], { cwd: folder })
  return folder
}

const node = async (folder: string) => {
  const line = (await readLines(folder)).find(({ name }) => name === 'node')
  if (!line) throw new Error('docs/end-of-life.yaml has no node')
  return line
}

it('writes another line in every Dockerfile, and back without a trace', async () => {
  const folder = await clone()
  const before = await node(folder)
  const [to = ''] = Object.keys(before.ends).filter((line) => line !== before.current)
  const changed = await raise(folder, before, to)
  const after = await node(folder)
  expect(after.current).toBe(to)
  expect(after.apps).toEqual(before.apps)
  for (const app of before.apps)
    for (const file of ['Dockerfile', 'Dockerfile.single']) expect(changed).toContain(`apps/${app}/${file}`)
  const { stdout } = await execa(
    'git',
    ['grep', '--fixed-strings', `node:${before.current}-`, '--', 'apps', '*Dockerfile', 'docker-bake*.hcl'],
    {
      cwd: folder,
      reject: false,
    },
  )
  expect(stdout).toBe('')
  // What was measured was measured on what there was.
  expect(changed).not.toContain('docs/report.json')

  expect(await raise(folder, after, before.current)).toEqual(changed)
  expect((await execa('git', ['diff', '--stat'], { cwd: folder })).stdout).toBe('')
}, 60_000)
