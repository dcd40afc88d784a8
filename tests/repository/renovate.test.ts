import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readPins } from '@stagecraft/compare/bump/pins'
import { listApps } from '@stagecraft/engine'
import { expect, it } from 'vitest'

/** Whether renovate.json finds what it is there to keep. tests/deploy has Renovate's own validator judge the file. */

const root = join(import.meta.dirname, '../..')

interface Manager {
  managerFilePatterns: string[]
  matchStrings: string[]
  depNameTemplate?: string
}
const { customManagers }: { customManagers: Manager[] } = JSON.parse(
  await readFile(join(root, 'renovate.json'), 'utf8'),
)

/** What Renovate would find in a file: names, and what each is now. */
async function dependencies(path: string): Promise<string[]> {
  const text = await readFile(join(root, path), 'utf8')
  return customManagers
    .filter(({ managerFilePatterns }) =>
      managerFilePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(path)),
    )
    .flatMap(({ matchStrings, depNameTemplate }) =>
      matchStrings.flatMap((pattern) =>
        [...text.matchAll(new RegExp(pattern, 'g'))].map(
          ({ groups }) => `${groups?.depName ?? depNameTemplate}:${groups?.currentValue}`,
        ),
      ),
    )
}

it('finds every base that a release is built on', async () => {
  const pins = await readPins(root)
  expect(pins.size).toBeGreaterThan(0)
  expect(await dependencies('docker-bake.pins.hcl')).toEqual([...pins.keys()])
})

it('finds every pnpm and turbo that a Dockerfile installs', async () => {
  for (const app of await listApps(root)) {
    const path = `apps/${app}/Dockerfile`
    const wanted = (await readFile(join(root, path), 'utf8')).matchAll(/^ARG (PNPM|TURBO)_VERSION=(.+)$/gm)
    expect(await dependencies(path), path).toEqual(
      [...wanted].map(([, name, version]) => `${name?.toLowerCase()}:${version}`),
    )
  }
})
