import { createHash } from 'node:crypto'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { standInLabel } from '../../packages/engine/src/labels.ts'
import { attempt } from '../process.ts'
import type { Base, Root } from './bases.ts'

/** Where the recipes are, and what they copy. */
export const recipes = join(import.meta.dirname, 'recipes')

/** A digest of all that decides what a root holds. */
export async function rootRecipe(one: Root): Promise<string> {
  const { image, packages } = one
  if ('on' in one) return digest([await rootRecipe(one.on), image, packages], ['grown.Dockerfile'])
  return digest({ image, packages, slim: one.slim }, ['rootfs.sh', 'slim.dpkg'])
}

/** A digest of all that decides what a stand-in holds. */
export async function baseRecipe(base: Base): Promise<string> {
  const { root, builder, dockerfile, files = [], target, args, downloads } = base
  const made = await Promise.all([root, ...(builder ? [builder] : [])].map(rootRecipe))
  return digest([...made, target, args, downloads], [dockerfile, ...files])
}

/** The digest that a local image was made from: '' for an official one, undefined when there is no such image. */
export async function recipeOf(image: string): Promise<string | undefined> {
  return (await recipesOf([image])).get(image)
}

/** The digests that local images were made from, by name: '' for an official one. Those that are not there are not in it. */
export async function recipesOf(images: string[]): Promise<Map<string, string>> {
  const format = `{{json .RepoTags}}\t{{index .Config.Labels "${standInLabel}"}}`
  const { stdout } = await attempt('docker', ['image', 'inspect', '--format', format, ...images])
  const found = stdout.split('\n').flatMap((line) => {
    const [tags = '[]', recipe = ''] = line.split('\t')
    return ((JSON.parse(tags || '[]') ?? []) as string[]).map((tag): [string, string] => [tag, recipe])
  })
  return new Map(found)
}

async function digest(data: unknown, files: string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(data))
  const paths: string[] = []
  for await (const path of glob(files, { cwd: recipes })) paths.push(path)
  for (const path of paths.sort()) hash.update(await readFile(join(recipes, path)))
  return hash.digest('hex').slice(0, 12)
}
