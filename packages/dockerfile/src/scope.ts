import type { Budget } from './budget.ts'
import { unknown } from './expand.ts'

/** What an instruction inherits from those before it. */
export interface Scope {
  readonly env: Map<string, string>
  /** What set a variable last, and before that. */
  last: Setting | undefined
  /** Absolute; begins with {@link unknown} where it is the base image's. */
  directory: string
  user: string
  /** As `SHELL` says; empty for the base image's. */
  shell: string
  /** The first of its stages is built on an image, which may have set variables, a directory, links of its own. */
  readonly onImage: boolean
}

/** Variables in the order in which they were set. */
export interface Setting {
  readonly name: string
  readonly value: string
  readonly before: Setting | undefined
  /** Two hashes of all of it. */
  readonly sums: readonly [number, number]
}

export const scopeOnImage = (): Scope => newScope(unknown, true)
export function scopeOnScratch(): Scope {
  const scope = { ...newScope('/', false), shell: defaultShell }
  setVariable(scope, 'PATH', defaultPath)
  return scope
}

/** As JSON. */
const defaultShell = '["/bin/sh","-c"]'

/** @see https://github.com/moby/buildkit/blob/v0.25.0/util/system/path.go DefaultPathEnvUnix */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

function newScope(directory: string, onImage: boolean): Scope {
  return { env: new Map(), last: undefined, directory, user: '', shell: '', onImage }
}

/** What a stage begins with that is built on another: everything, build arguments included. */
export function scopeOnStage(base: Scope, budget: Budget): Scope {
  budget.spend(4 * base.env.size)
  return { ...base, env: new Map(base.env) }
}

/** The value of a variable; undefined where nothing sets it, {@link unknown} where only the base image can. */
export const variable = ({ env, onImage }: Scope, name: string): string | undefined =>
  env.get(name) ?? (onImage ? unknown : undefined)

export function setVariable(scope: Scope, name: string, value: string): void {
  const text = `${name}=${value}`
  const [one, other] = scope.last?.sums ?? [0x811c9dc5, 0x01234567]
  scope.last = { name, value, before: scope.last, sums: [fnv1a(text, one), fnv1a(text, other)] }
  scope.env.set(name, value)
}

/**
 * Whether a command sees the same variables in the same order: the order counts, in which each was set last.
 * @see https://github.com/moby/buildkit/blob/v0.25.0/client/llb/meta.go EnvList
 */
export function sameVariables(one: Setting | undefined, other: Setting | undefined, budget: Budget): boolean {
  if (one === other || (one?.sums[0] === other?.sums[0] && one?.sums[1] === other?.sums[1])) return true
  const [seen, otherSeen] = [lastSettings(one, budget), lastSettings(other, budget)]
  return seen.length === otherSeen.length && seen.every((each, index) => each === otherSeen[index])
}

/** The variables, the one that was set last first. */
function lastSettings(last: Setting | undefined, budget: Budget): string[] {
  const seen = new Map<string, string>()
  for (let each = last; each; each = each.before) {
    budget.spend(1)
    if (!seen.has(each.name)) seen.set(each.name, each.value)
  }
  return [...seen].map((each) => each.join('='))
}

/** The 32-bit hash of Fowler, Noll and Vo. */
function fnv1a(text: string, seed: number): number {
  let hash = seed
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return hash
}
