import type { Difference, ImageReport, Report } from '@stagecraft/report'
import { differ, type Side } from './differ.ts'

/** What the second of two images has that the first has not; nothing where a report has more than two, or fewer. */
export function differBetween({ images, others = [] }: Report): Difference[] {
  const sides: (Side & { name: string })[] = [
    ...images.map((image) => ({ ...image, name: nameOf(image) })),
    ...others.map((other) => ({ ...other, name: other.image })),
  ]
  const [from, to] = sides
  if (!from || !to || sides.length > 2) return []
  return [{ from: from.name, to: to.name, changes: differ(from, to) }]
}

/** What has changed of each image that both reports have. */
export function differSince(before: Report, { images }: Report): Difference[] {
  const when = before.createdAt.slice(0, 16).replace('T', ' ')
  return images.flatMap((image) => {
    const known = before.images.find((each) => nameOf(each) === nameOf(image))
    if (!known) return []
    return [{ from: `${nameOf(image)} of ${when}`, to: nameOf(image), changes: differ(known, image) }]
  })
}

const nameOf = ({ app, variant }: ImageReport) => `${app}:${variant}`
