import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { analyze } from '@stagecraft/dockerfile'

/** What an app is built as, largest first. */
export const variants = ['single', 'dev', 'prod', 'distroless', 'scratch'] as const
export type Variant = (typeof variants)[number]

/** What somebody ships: neither the traditional way nor what is for development. */
export const products: readonly Variant[] = ['prod', 'distroless', 'scratch']

/** The stage of `Dockerfile` that a variant is; `single` is all of `Dockerfile.single`. BuildKit reserves the name `scratch`. */
const stageOf = (variant: Variant) => (variant === 'scratch' ? 'static' : variant)

/**
 * What an app is built as: `single` where it has a `Dockerfile.single`, and those of its `Dockerfile` that it has a stage for.
 * @param root absolute path of the repository
 * @throws DockerfileError when its `Dockerfile` is wrong
 */
export async function listVariants(root: string, app: string): Promise<Variant[]> {
  const folder = join(root, 'apps', app)
  const { stages } = analyze(await readFile(join(folder, 'Dockerfile'), 'utf8'))
  return variants.filter((variant) =>
    variant === 'single'
      ? existsSync(join(folder, 'Dockerfile.single'))
      : stages.some(({ name }) => name === stageOf(variant)),
  )
}
