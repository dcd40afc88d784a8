import type { Variant } from '@stagecraft/engine'

/** Of an app by what it is built on, as {@link appBases} names it. */
export const diskPromises: readonly {
  on: string
  variant: Variant
  promise: string
  /** Bytes unpacked: all of them, those that the image adds to its base, and those of the app's `single`. */
  isKept: (bytes: { all: number; added: number; single: number }) => boolean
}[] = [
  { on: 'node', variant: 'single', promise: 'takes more than 1.1 GB', isKept: ({ all }) => all > 1.1e9 },
  ...(['prod', 'distroless'] as const).map((variant) => ({
    on: 'node',
    variant,
    promise: 'adds at most 15 MB to its base',
    isKept: ({ added }: { added: number }) => added <= 15e6,
  })),
  {
    on: 'nginx',
    variant: 'prod',
    promise: 'adds at most 2 MB to its base',
    isKept: ({ added }) => added <= 2e6,
  },
  { on: 'nginx', variant: 'distroless', promise: 'takes at most 45 MB', isKept: ({ all }) => all <= 45e6 },
  { on: 'python', variant: 'prod', ...smallerThanSingle(85) },
  { on: 'python', variant: 'distroless', ...smallerThanSingle(92) },
  { on: 'golang', variant: 'prod', promise: 'takes less than 12 MB', isKept: ({ all }) => all < 12e6 },
  { on: 'golang', variant: 'scratch', ...smallerThanSingle(99) },
  { on: 'golang', variant: 'scratch', promise: 'takes less than 8 MB', isKept: ({ all }) => all < 8e6 },
  { on: 'rust', variant: 'prod', promise: 'takes less than 30 MB', isKept: ({ all }) => all < 30e6 },
  { on: 'rust', variant: 'scratch', ...smallerThanSingle(99.5) },
  { on: 'rust', variant: 'scratch', promise: 'takes less than 3 MB', isKept: ({ all }) => all < 3e6 },
]

function smallerThanSingle(percent: number) {
  return {
    promise: `is at least ${percent} % smaller than single`,
    isKept: ({ all, single }: { all: number; single: number }) => 1 - all / single >= percent / 100,
  }
}
