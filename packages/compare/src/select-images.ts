import { type BakeImage, bakeImages, variants } from '@stagecraft/engine'
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
  const print = await execa('docker', ['buildx', 'bake', '--print', ...targets], { cwd: root, reject: false })
  const missing = /failed to find target (\S+)/.exec(print.stderr)?.[1]
  if (missing) {
    const known = ['all', ...images.map(({ target }) => target)]
    throw new CompareError(
      'UNKNOWN_TARGET',
      `The bake file has no target "${missing}".`,
      `There are ${known.join(', ')}, and the groups that \`docker buildx bake --list=targets\` shows.`,
    )
  }
  if (print.failed) throw new CompareError('BUILD_FAILED', print.stderr, 'Mend docker-bake.hcl.')
  const wanted = Object.keys(JSON.parse(print.stdout).target)
  const selected = inShownOrder(images.filter(({ target }) => wanted.includes(target)))
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
