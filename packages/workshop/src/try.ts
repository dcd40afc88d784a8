import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { checkFolder } from './check.ts'
import { copyFolder, overlay } from './folder.ts'
import type { Loaded } from './load.ts'
import type { Answers } from './model.ts'
import type { Verdict } from './verdict.ts'

/** A folder of an exercise, and what its check has to say: the ID of a diagnosis, or nothing for what passes. */
export interface Variant {
  kind: 'start' | 'solution' | 'alternative' | 'mistake'
  id: string
  /** Laid over start. */
  folder: string
  expected?: string
}

export interface Tried extends Variant {
  verdict: Verdict
  /** Whether the verdict is the expected one. */
  right: boolean
}

/** All that an exercise promises: its start fails in its own way, its solution and its alternatives pass. */
export async function variantsOf({ exercise, folder }: Loaded): Promise<Variant[]> {
  const within = async (group: string) => {
    const names = existsSync(join(folder, group)) ? await readdir(join(folder, group)) : []
    return names.sort().map((id) => ({ id, folder: join(folder, group, id) }))
  }
  return [
    { kind: 'start', id: 'start', folder: '', expected: exercise.start },
    { kind: 'solution', id: 'solution', folder: join(folder, 'solution') },
    ...(await within('alternatives')).map((each) => ({ kind: 'alternative' as const, ...each })),
    ...(await within('mistakes')).map((each) => ({ kind: 'mistake' as const, ...each, expected: each.id })),
  ]
}

/** A copy of start with a variant laid over it, and the answers that come with it. */
export async function openVariant(
  { folder }: Loaded,
  variant: Variant,
): Promise<{ path: string; answers: Answers } & AsyncDisposable> {
  const copy = await copyFolder(join(folder, 'start'))
  if (variant.folder) await overlay(variant.folder, copy.path)
  const answers = await readFile(join(copy.path, 'answers.yaml'), 'utf8').catch(() => undefined)
  return { ...copy, answers: answers === undefined ? {} : parse(answers) }
}

/** Checks a variant as a learner's folder is. */
export async function tryVariant(loaded: Loaded, variant: Variant, signal?: AbortSignal): Promise<Tried> {
  await using copy = await openVariant(loaded, variant)
  const verdict = await checkFolder(loaded, copy.path, { answers: copy.answers, signal })
  const { expected } = variant
  const right = expected === undefined ? verdict.passed : verdict.diagnosis?.id === expected
  return { ...variant, verdict, right }
}
