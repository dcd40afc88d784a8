import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import type { BakeImage, Variant } from '@stagecraft/contract'
import { analyze } from '@stagecraft/dockerfile'

/** Of an app by what its prod is built on, as {@link baseOf} names it. */
export const diskPromises: readonly {
  on: string
  variant: Variant
  promise: string
  /** Bytes unpacked: all of them, and those that the image adds to its base. */
  isKept: (bytes: { all: number; added: number }) => boolean
}[] = [
  { on: 'node', variant: 'single', promise: 'takes more than 1.1 GB', isKept: ({ all }) => all > 1.1e9 },
  { on: 'node', variant: 'prod', promise: 'takes at most 255 MB', isKept: ({ all }) => all <= 255e6 },
  { on: 'node', variant: 'distroless', promise: 'takes at most 165 MB', isKept: ({ all }) => all <= 165e6 },
  {
    on: 'nginx',
    variant: 'prod',
    promise: 'adds at most 2 MB to its base',
    isKept: ({ added }) => added <= 2e6,
  },
  { on: 'nginx', variant: 'distroless', promise: 'takes at most 45 MB', isKept: ({ all }) => all <= 45e6 },
]

/** Bytes that a push transfers after one changed line, at most: of an app by what its prod is built on. */
export const pushPromises: Readonly<Record<string, number>> = { node: 20_000, nginx: 200_000 }

/** The name of the image that a bake target's stage comes from, as `nginx`; `scratch` when it begins from nothing. */
export async function baseOf(root: string, { dockerfile, stage }: BakeImage): Promise<string> {
  const text = await readFile(join(root, dockerfile), 'utf8')
  const { stages, target } = analyze(text, stage ? { target: stage } : {})
  let from = stages[target]?.from
  while (from && 'stage' in from) from = stages[from.stage]?.from
  return from && 'image' in from ? posix.basename(from.image).replace(/[:@].*/, '') : 'scratch'
}

/** What each app's prod is built on, by app. */
export async function appBases(root: string, images: readonly BakeImage[]): Promise<Map<string, string>> {
  const products = images.filter(({ variant }) => variant === 'prod')
  return new Map(
    await Promise.all(products.map(async (image) => [image.app, await baseOf(root, image)] as const)),
  )
}
