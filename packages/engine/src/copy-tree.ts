import { existsSync } from 'node:fs'
import { cp, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'

/** The path of a new folder with a copy of the repository's files, as a commit of everything would have them. */
export async function copyTree(root: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'stagecraft-copy-'))
  const { stdout } = await execa('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root })
  for (const file of stdout.split('\0').filter((path) => path && existsSync(join(root, path))))
    await cp(join(root, file), join(copy, file))
  return copy
}
