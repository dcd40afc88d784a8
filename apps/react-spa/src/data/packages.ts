import type { Contents } from '@stagecraft/report/schema'
import { holdsWords } from './words.ts'

/** `key` is unique: an image can have a package several times. */
export type Package = {
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
