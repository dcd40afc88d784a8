import { contents } from '@stagecraft/image'
import { BrokenPromise, type Check } from '../check.ts'

/** Of the unpacked bytes. */
const limit = 0.01

export const noWaste: Check = {
  id: 'no-waste',
  promise: 'at most 1 % of its bytes are overwritten or deleted by a later layer',
  appliesTo: ['prod', 'distroless'],
  async check(subject) {
    const image = await subject.archive()
    const { wastedBytes, wasted } = contents(image)
    const share = wastedBytes / image.unpackedBytes
    if (share <= limit) return
    const files = wasted.slice(0, 5).map(({ path, bytes }) => `${path} (${megabytes(bytes)})`)
    throw new BrokenPromise(
      noWaste,
      `${(100 * share).toFixed(1)} % of its bytes are (${megabytes(wastedBytes)} of ${megabytes(image.unpackedBytes)}), most of them ${files.join(', ')}`,
      'RUN chown, chmod and rm of what an earlier instruction copied: COPY --chown, or delete in the RUN that made it',
    )
  },
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
