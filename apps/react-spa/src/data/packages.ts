import type { Contents } from '@stagecraft/report/schema'
import { holdsWords } from './words.ts'

/** `key` is unique: an image can have a package several times. */
export type Package = { key: string; name: string; version: string; kind: 'OS' | 'npm' }

/** The packages of an image by name, those of the operating system first. */
export function listPackages({ osPackages, npmPackages }: Contents): Package[] {
  const list = (packages: Contents['osPackages'], kind: Package['kind']): Package[] =>
    packages
      .toSorted((one, other) => one.name.localeCompare(other.name, 'en'))
      .map((each, index) => ({ ...each, kind, key: `${kind} ${index}` }))
  return [...list(osPackages, 'OS'), ...list(npmPackages, 'npm')]
}

/** Packages with every word of the text in their name or version, in any case. */
export function filterPackages(packages: readonly Package[], text: string): Package[] {
  const holds = holdsWords(text)
  return packages.filter(({ name, version }) => holds(`${name} ${version}`))
}
