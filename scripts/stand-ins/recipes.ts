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

/** What a local image says of itself. */
export type Local = {
  /** The digest of what it was made from; '' for an official one. */
  recipe: string
  /** Its environment, as `NAME=value`. */
  env: string[]
}

/** The digest that a local image was made from: '' for an official one, undefined when there is no such image. */
export async function recipeOf(image: string): Promise<string | undefined> {
  return (await findLocal([image])).get(image)?.recipe
}

/** Local images by name. Those that are not there are not in it. */
export async function findLocal(images: string[]): Promise<Map<string, Local>> {
  const format = `{{json .RepoTags}}\t{{index .Config.Labels "${standInLabel}"}}\t{{json .Config.Env}}`
  const { stdout } = await attempt('docker', ['image', 'inspect', '--format', format, ...images])
  const found = stdout.split('\n').flatMap((line) => {
    const [tags = '[]', recipe = '', env = '[]'] = line.split('\t')
    const local = { recipe, env: (JSON.parse(env || '[]') ?? []) as string[] }
    return ((JSON.parse(tags || '[]') ?? []) as string[]).map((tag): [string, Local] => [tag, local])
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
