import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '@stagecraft/engine/replace-file'
import { execa } from 'execa'
import { type Line, partsOf } from './lines.ts'

/** Files that say what was, or what each line is: not what is built on. */
const facts = [
  'docs/comparison.md',
  'docs/end-of-life.yaml',
  'docs/report.json',
  'pnpm-lock.yaml',
  'tests/stand-ins/official.json',
]

/**
 * Writes another line wherever the repository builds on the one that it has: in arguments of Dockerfiles, and in names
 * of base images. Each file is replaced whole.
 * @param root absolute path of the repository
 * @returns the paths of the files that have changed
 */
export async function raise(root: string, line: Line, to: string): Promise<string[]> {
  const after = partsOf({ ...line, current: to })
  const words = partsOf(line).map((word, index): [string, string] => [word, after[index] ?? word])
  if (line.arg) words.push([`ARG ${line.arg}=${line.current}\n`, `ARG ${line.arg}=${to}\n`])
  const { stdout } = await execa('git', ['ls-files', '-z'], { cwd: root })
  const changed: string[] = []
  for (const path of stdout.split('\0').filter((name) => name && !facts.includes(name))) {
    const text = await readFile(join(root, path), 'utf8').catch(() => '')
    // A picture is no text.
    if (text.includes('\0')) continue
    const now = words.reduce((all, [from, word]) => all.replaceAll(from, word), text)
    if (now === text) continue
    await replaceFile(join(root, path), now)
    changed.push(path)
  }
  return changed
}
