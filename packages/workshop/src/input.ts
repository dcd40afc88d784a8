import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DockerfileError } from '@stagecraft/dockerfile'
import type { Attempt } from './attempt.ts'
import { type Failure, notRead } from './failure.ts'
import type { Figures } from './model.ts'

/** What is told of files that cannot be read at all. */
export const unreadable = ['missing', 'empty', 'encoding', 'line-ends', 'syntax', 'target', 'base']

/** What is wrong before anything is built. */
export async function inputProblem(attempt: Attempt): Promise<Failure | undefined> {
  const { file, folder } = attempt
  const problem = (id: string, figures: Figures = {}): Failure => ({
    id,
    kind: 'input',
    cause: id,
    figures: { file, ...figures },
  })
  const bytes = await readFile(join(folder, file)).catch(() => undefined)
  if (!bytes) return problem('missing')
  if (bytes.length === 0) return problem('empty')
  if (bytes.includes(0) || !isUtf8(bytes)) return problem('encoding')
  for (const { path, size } of await attempt.files()) {
    if (size > 100_000 || !/(^|\/)[^.]*$|\.sh$/.test(path) || path === file) continue
    const text = (await attempt.read(path)) ?? ''
    if (text.startsWith('#!') && /^[^\n]*\r\n/.test(text)) return problem('line-ends', { path })
  }
  try {
    await attempt.analysis()
    return undefined
  } catch (error) {
    if (!(error instanceof DockerfileError)) throw error
    const { cause, figures } = notRead(attempt, error)
    return { id: cause, kind: 'input', cause, figures }
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
