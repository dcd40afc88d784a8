import type { Contents } from '@stagecraft/report'
import type { Side } from './differ.ts'

/**
 * The one of the references that an image is most like: by what its program is written in, then by the libraries that
 * both have of all that either has, then by where its bytes are.
 * @returns undefined where there is no reference
 */
export function nearest<T extends Side>(image: Side, references: readonly T[]): T | undefined {
  const language = languageOf(image.contents)
  const same = references.filter(({ contents }) => languageOf(contents) === language)
  const distances = (same.length > 0 ? same : references).map((side) => ({
    side,
    foreign: 1 - shared(image.contents, side.contents),
    bytes: difference(image.contents, side.contents),
  }))
  return distances.sort((a, b) => a.foreign - b.foreign || a.bytes - b.bytes)[0]?.side
}

/** By the packages of the program, of which a base brings few: npm's own are in every image of Node. */
function languageOf({
  npmPackages,
  pythonPackages = [],
  goModules = [],
  rustCrates = [],
  osPackages,
}: Contents) {
  const counts = {
    rust: rustCrates.length,
    go: goModules.length,
    python: pythonPackages.length,
    node: npmPackages.length,
  }
  const [most] = Object.entries(counts).sort(([, a], [, b]) => b - a)
  if (most && most[1] > 0) return most[0]
  return osPackages.some(({ name }) => name.startsWith('nginx')) ? 'nginx' : 'none'
}

/** What share of the libraries of either both have, by name; 1 where there are none. */
function shared(a: Contents, b: Contents): number {
  const [own, other] = [a, b].map(
    ({ npmPackages, pythonPackages = [], goModules = [], rustCrates = [] }) =>
      new Set([...npmPackages, ...pythonPackages, ...goModules, ...rustCrates].map(({ name }) => name)),
  ) as [Set<string>, Set<string>]
  const both = [...own].filter((name) => other.has(name)).length
  const all = own.size + other.size - both
  return all === 0 ? 1 : both / all
}

/** Bytes that folders of at most two levels have in one and not in the other. */
function difference({ folders: a = [] }: Contents, { folders: b = [] }: Contents): number {
  const sums = new Map<string, number>()
  for (const [sign, list] of [
    [1, a],
    [-1, b],
  ] as const)
    for (const { path, bytes } of list.filter(({ path }) => path.split('/').length <= 3))
      sums.set(path, (sums.get(path) ?? 0) + sign * bytes)
  return [...sums.values()].reduce((sum, bytes) => sum + Math.abs(bytes), 0)
}
