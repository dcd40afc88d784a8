import { join } from 'node:path'
import type { Fetched } from './base-downloads.ts'
import { baseRecipe, recipes } from './base-recipes.ts'
import { again } from './base-work.ts'
import { type Base, standInLabel } from './bases.ts'
import { run, say } from './process.ts'

/**
 * Builds a stand-in on its root, which must be there, as must its builder, under the official name.
 * @throws SetupError when the build fails
 */
export async function buildStandIn(base: Base, fetched: Fetched[]): Promise<void> {
  say('bases', `building a stand-in for ${base.name}`)
  const contexts = Object.assign({}, ...fetched.map((each) => each.contexts))
  const args = {
    DEBIAN: base.root.image,
    ...(base.builder && { BUILDER: base.builder.image }),
    ...base.args,
    ...base.network,
    ...Object.assign({}, ...fetched.map((each) => each.args)),
  }
  const pairs = (flag: string, values: Record<string, string>): string[] =>
    Object.entries(values).map(([key, value]) => `${flag}=${key}=${value}`)
  await run(
    'docker',
    [
      'buildx',
      'build',
      '--builder=default',
      '--provenance=false',
      '--progress=plain',
      `--file=${join(recipes, base.dockerfile)}`,
      ...(base.target ? [`--target=${base.target}`] : []),
      ...pairs('--build-context', contexts),
      ...pairs('--build-arg', args),
      `--label=${standInLabel}=${await baseRecipe(base)}`,
      `--tag=${base.name}`,
      recipes,
    ],
    again,
    { log: `base-${base.name.replaceAll(/[^a-z0-9]+/g, '-')}` },
  )
}
