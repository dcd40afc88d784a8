import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { analyze } from '@stagecraft/dockerfile'
import type { BakeImage } from './bake.ts'

/**
 * The images that the builds of these bake targets begin from, as their Dockerfiles name them, each once. Stages that a
 * target does not need count for nothing.
 */
export async function baseImages(root: string, images: readonly BakeImage[]): Promise<string[]> {
  const graphs = await Promise.all(images.map((image) => analyzeImage(root, image)))
  const names = graphs.flatMap(({ stages, edges }) =>
    edges.flatMap(({ from, to }) => ('image' in from && stages[to.stage]?.reached ? [from.image] : [])),
  )
  return [...new Set(names)]
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
