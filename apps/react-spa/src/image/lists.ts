import type { Contents, ImageReport } from '@stagecraft/report/schema'
import { count } from '../data/format.ts'
import { holdsWords } from '../data/images.ts'

export type PromiseResult = NonNullable<ImageReport['contract']>[number]

const order = ['fail', 'excused', 'pass']

export function worstFirst(results: readonly PromiseResult[]): PromiseResult[] {
  return results.toSorted((one, other) => order.indexOf(one.verdict) - order.indexOf(other.verdict))
}

/** "12 of 13 promises kept, 1 excused." */
export function summarize(results: readonly PromiseResult[]): string {
  const number = (verdict: string): number => results.filter((each) => each.verdict === verdict).length
  const others = [
    [number('excused'), 'excused'],
    [number('fail'), 'broken'],
  ] as const
  const rest = others.filter(([many]) => many > 0).map(([many, word]) => `, ${count(many)} ${word}`)
  return `${count(number('pass'))} of ${count(results.length)} promises kept${rest.join('')}.`
}

/** `key` is unique: an image can have a package several times. */
type Package = {
  key: string
  name: string
  version: string
  kind: 'OS' | 'npm' | 'Python' | 'Go' | 'Rust'
}

/** The packages of an image by name, those of the operating system first. */
export function listPackages(contents: Contents): Package[] {
  const list = (kind: Package['kind'], packages: Contents['osPackages'] = []): Package[] =>
    packages
      .toSorted((one, other) => one.name.localeCompare(other.name, 'en'))
      .map((each, index) => ({ ...each, kind, key: `${kind} ${index}` }))
  return [
    ...list('OS', contents.osPackages),
    ...list('npm', contents.npmPackages),
    ...list('Python', contents.pythonPackages),
    ...list('Go', contents.goModules),
    ...list('Rust', contents.rustCrates),
  ]
}

/** Packages with every word of the text in their name or version, in any case. */
export function filterPackages(packages: readonly Package[], text: string): Package[] {
  const holds = holdsWords(text)
  return packages.filter(({ name, version }) => holds(`${name} ${version}`))
}
