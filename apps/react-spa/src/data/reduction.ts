import type { ImageReport } from '@stagecraft/report/schema'
import { times } from './format.ts'
import { bytesOf, type SizeKind, singleOf } from './images.ts'

/** How an image compares with its app's `single`: "6.9× smaller". Undefined for `single` itself and without one. */
export function reduction(
  image: ImageReport,
  images: readonly ImageReport[],
  kind: SizeKind,
): string | undefined {
  const single = singleOf(images, image.app)
  if (!single || single === image) return undefined
  const before = bytesOf(single.size, kind)
  const after = bytesOf(image.size, kind)
  if (before === after) return 'same size'
  if (before === 0 || after === 0) return undefined
  return after < before ? `${times(before / after)}× smaller` : `${times(after / before)}× larger`
}

/**
 * The comparison in one sentence: "To pull, prod is 6.9 to 7.0 times smaller than single, distroless 9.9 to 10.1."
 * Undefined when no app has both a `single` and a slimmer image of the two that are meant for production.
 */
export function headline(images: readonly ImageReport[], kind: SizeKind): string | undefined {
  const parts = ['prod', 'distroless'].flatMap((variant) => {
    const ratios = images.flatMap((image) => {
      const single = singleOf(images, image.app)
      const bytes = bytesOf(image.size, kind)
      return image.variant === variant && single && bytes > 0 ? bytesOf(single.size, kind) / bytes : []
    })
    const [least, most] = [Math.min(...ratios), Math.max(...ratios)].map(times)
    if (ratios.length === 0 || Math.min(...ratios) <= 1) return []
    return { variant, range: least === most ? least : `${least} to ${most}` }
  })
  const [first, second] = parts
  if (!first) return undefined
  const start = kind === 'pull' ? 'To pull' : 'On disk'
  return `${start}, ${first.variant} is ${first.range} times smaller than single${second ? `, ${second.variant} ${second.range}` : ''}.`
}
