import { createHash } from 'node:crypto'
import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Base, type Root, standInLabel } from './bases.ts'
import { attempt } from './process.ts'

/** Where the recipes are, and what they copy. */
export const recipes = join(import.meta.dirname, 'bases')

/** A digest of all that decides what a root holds. */
export function rootRecipe({ image, packages, slim }: Root): Promise<string> {
  return digest({ image, packages, slim }, ['rootfs.sh', 'slim.dpkg'])
}

/** A digest of all that decides what a stand-in holds. */
export async function baseRecipe(base: Base): Promise<string> {
  const { root, builder, dockerfile, files = [], target, args, download } = base
  const made = await Promise.all([root, ...(builder ? [builder] : [])].map(rootRecipe))
  return digest([...made, target, args, download], [dockerfile, ...files])
}

/** The digest that a local image was made from: '' for an official one, undefined when there is no such image. */
export async function recipeOf(image: string): Promise<string | undefined> {
  const format = `{{index .Config.Labels "${standInLabel}"}}`
  const { code, stdout } = await attempt('docker', ['image', 'inspect', '--format', format, image])
  return code === 0 ? stdout.trim() : undefined
}

async function digest(data: unknown, files: string[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(data))
  const paths: string[] = []
  for await (const path of glob(files, { cwd: recipes })) paths.push(path)
  for (const path of paths.sort()) hash.update(await readFile(join(recipes, path)))
  return hash.digest('hex').slice(0, 12)
}
