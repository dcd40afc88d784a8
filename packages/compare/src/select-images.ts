import { type BakeImage, bakeImages, printDefinition, variants } from '@stagecraft/engine'
import { execa } from 'execa'
import { CompareError } from './errors.ts'

/**
 * The images that bake targets or groups stand for: app by app, in the order of `variants`.
 * @throws CompareError when no engine answers, or naming what there is, when one is unknown or builds no image
 */
export async function selectImages(root: string, targets: string[]): Promise<BakeImage[]> {
  const version = await execa('docker', ['version', '--format={{.Server.Version}}'], { reject: false })
  if (version.failed) {
    throw new CompareError(
      'NO_ENGINE',
      'No Docker Engine answers.',
      'Set one up, or learn what is wrong: npm run setup',
    )
  }
  const images = await bakeImages(root)
  const { target: wanted } = await printDefinition(root, targets).catch((error: Error) => {
    const missing = /failed to find target (\S+)/.exec(error.message)?.[1]
    if (!missing) throw new CompareError('BUILD_FAILED', error.message, 'Mend docker-bake.hcl.')
    const known = ['all', ...images.map((image) => image.target)]
    throw new CompareError(
      'UNKNOWN_TARGET',
      `The bake file has no target "${missing}".`,
      `There are ${known.join(', ')}, and the groups that \`docker buildx bake --list=targets\` shows.`,
    )
  })
  const selected = inShownOrder(images.filter(({ target }) => target in wanted))
  if (selected.length > 0) return selected
  throw new CompareError(
    'UNKNOWN_TARGET',
    `${targets.join(', ')} builds no image.`,
    'Name a target that does; `docker buildx bake --list=targets` shows them.',
  )
}

/** App by app, in the order of `variants`. */
export function inShownOrder<Image extends Pick<BakeImage, 'app' | 'variant'>>(
  images: readonly Image[],
): Image[] {
  return images.toSorted(
    (a, b) => a.app.localeCompare(b.app) || variants.indexOf(a.variant) - variants.indexOf(b.variant),
  )
}
