import type { Budget } from './budget.ts'
import { unknown } from './expand.ts'

/** What an instruction inherits from those before it. */
export interface Scope {
  readonly env: Map<string, string>
  /** Two sums over the variables: the same variables give the same sums, in whatever order they were set. */
  sums: [number, number]
  /** Absolute; begins with {@link unknown} where it is the base image's. */
  directory: string
  user: string
  /** As `SHELL` says; empty for the base image's. */
  shell: string
  /** The first of its stages is built on an image, which may have set variables, a directory, links of its own. */
  readonly onImage: boolean
}

export const scopeOnImage = (): Scope => newScope(unknown, true)
export const scopeOnScratch = (): Scope => newScope('/', false)

function newScope(directory: string, onImage: boolean): Scope {
  return { env: new Map(), sums: [0, 0], directory, user: '', shell: '', onImage }
}

/** What a stage begins with that is built on another: everything, build arguments included. */
export function scopeOnStage(base: Scope, budget: Budget): Scope {
  budget.spend(4 * base.env.size)
  return { ...base, env: new Map(base.env), sums: [...base.sums] }
}

/** The value of a variable; undefined where nothing sets it, {@link unknown} where only the base image can. */
export const variable = ({ env, onImage }: Scope, name: string): string | undefined =>
  env.get(name) ?? (onImage ? unknown : undefined)

export function setVariable(scope: Scope, name: string, value: string): void {
  const old = scope.env.get(name)
  if (old === value) return
  if (old !== undefined) add(scope.sums, `${name}=${old}`, -1)
  add(scope.sums, `${name}=${value}`, 1)
  scope.env.set(name, value)
}

/** Equal for the same variables, different (as good as always) for others. */
export const fingerprint = ({ sums }: Scope): string => sums.join('.')

function add(sums: [number, number], text: string, sign: 1 | -1): void {
  sums[0] = (sums[0] + sign * fnv1a(text, 0x811c9dc5)) | 0
  sums[1] = (sums[1] + sign * fnv1a(text, 0x01234567)) | 0
}

/** The 32-bit hash of Fowler, Noll and Vo. */
function fnv1a(text: string, seed: number): number {
  let hash = seed
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash
}
