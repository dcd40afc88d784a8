import { join } from 'node:path'
import { type BakeImage, productBase } from '@stagecraft/engine'
import { loadImageConfig } from './config.ts'
import type { Subject } from './model.ts'
import { openSubject } from './subject.ts'

/**
 * Makes an image of the bake file ready to be checked; nothing is started before a check needs it.
 * @param root absolute path of the repository
 * @throws Error when its app's `image.config.ts` is missing or wrong
 */
export async function openBakeImage(root: string, bakeImage: BakeImage): Promise<Subject> {
  const { app, variant, image } = bakeImage
  const appDir = join(root, 'apps', app)
  const [config, base] = await Promise.all([loadImageConfig(appDir), productBase(root, bakeImage)])
  return openSubject({ app, variant, image, base, config, appDir })
}
