import { join } from 'node:path'
import { standInLabel } from '../../packages/engine/src/labels.ts'
import { run } from '../process.ts'
import type { Base, Root } from './bases.ts'
import type { Fetched } from './downloads.ts'
import { baseRecipe, recipes, rootRecipe } from './recipes.ts'
import { again } from './work.ts'

/**
 * Builds a stand-in on its root, which must be there, as must its builder, under the official name.
 * @throws SetupError when the build fails
 */
export async function buildStandIn(base: Base, fetched: Fetched[]): Promise<void> {
  const args = {
    DEBIAN: base.root.image,
    ...(base.builder && { BUILDER: base.builder.image }),
    ...base.args,
    ...base.network,
  }
  await build(base.name, await baseRecipe(base), base.dockerfile, args, fetched, base.target)
}

/**
 * Builds a root on another one, which must be there.
 * @throws SetupError when the build fails
 */
export async function growRoot(one: Extract<Root, { on: Root }>, fetched: Fetched[]): Promise<void> {
  const args = { DEBIAN: one.on.image, PACKAGES: one.packages.join(' ') }
  await build(one.image, await rootRecipe(one), 'grown.Dockerfile', args, fetched)
}

async function build(
  image: string,
  recipe: string,
  dockerfile: string,
  args: Record<string, string>,
  fetched: Fetched[],
  target?: string,
): Promise<void> {
  const contexts = Object.assign({}, ...fetched.map((each) => each.contexts))
  const allArgs = Object.assign({}, args, ...fetched.map((each) => each.args))
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
      `--file=${join(recipes, dockerfile)}`,
      ...(target ? [`--target=${target}`] : []),
      ...pairs('--build-context', contexts),
      ...pairs('--build-arg', allArgs),
      '--build-arg=BUILDKIT_DOCKERFILE_CHECK=error=true',
      `--label=${standInLabel}=${recipe}`,
      `--tag=${image}`,
      // gzip, if nothing is said, takes ten times as long. This level packs about as tight as the gzip of official images.
      '--output=type=image,compression=zstd,compression-level=1',
      recipes,
    ],
    again,
    { log: `base-${image.replaceAll(/[^a-z0-9]+/g, '-')}` },
  )
}
