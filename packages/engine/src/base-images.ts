import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { analyze } from '@stagecraft/dockerfile'
import type { BakeImage } from './bake.ts'

/**
 * The images that the build of a bake target begins from, as its Dockerfile names them, each once. Stages that the target
 * does not need count for nothing.
 */
export async function baseImages(root: string, image: BakeImage): Promise<string[]> {
  const { stages, edges } = await analyzeImage(root, image)
  const needed = edges.filter(({ to }) => stages[to.stage]?.reached)
  return [...new Set(needed.flatMap(({ from }) => ('image' in from ? [from.image] : [])))]
}

/** The image that the product itself stands on; `scratch` when it begins from nothing. */
export async function productBase(root: string, image: BakeImage): Promise<string> {
  const { stages, target } = await analyzeImage(root, image)
  let from = stages[target]?.from
  while (from && 'stage' in from) from = stages[from.stage]?.from
  return from && 'image' in from ? from.image : 'scratch'
}

async function analyzeImage(root: string, { dockerfile, stage, args }: BakeImage) {
  const text = await readFile(join(root, dockerfile), 'utf8')
  return analyze(text, { args, ...(stage && { target: stage }) })
}
