import { products } from '@stagecraft/engine'
import { contents } from '@stagecraft/image'
import { splitLayers } from '../base.ts'
import { BrokenPromise, type Check } from '../model.ts'

/** Of the unpacked bytes. */
const limit = 0.01

export const noWaste: Check = {
  id: 'no-waste',
  promise:
    'at most 1 % of its bytes are overwritten or deleted by a later layer, those within its base aside',
  appliesTo: products,
  async check(subject) {
    const image = await subject.archive()
    const { base } = await splitLayers(noWaste, subject)
    const inherited = contents({ layers: base })
    const { wastedBytes: allBytes, wasted, wastedBy } = contents(image)
    const wastedBytes = allBytes - inherited.wastedBytes
    const share = wastedBytes / image.unpackedBytes
    if (share <= limit) return
    const known = new Set(inherited.wasted.map(({ path }) => path))
    const own = wasted.filter(({ path }) => !known.has(path))
    const by = wastedBy.find(({ by }) => by >= base.length)?.by ?? base.length
    const files = own.slice(0, 5).map(({ path, bytes }) => `${path} (${megabytes(bytes)})`)
    throw new BrokenPromise(
      noWaste,
      `${(100 * share).toFixed(1)} % of its bytes are (${megabytes(wastedBytes)} of ${megabytes(image.unpackedBytes)}), most of them ${files.join(', ')}; buried by ${image.layers[by]?.createdBy || `layer ${by + 1}`}`,
      'RUN chown, chmod and rm of what an earlier instruction copied: COPY --chown, or delete in the RUN that made it',
    )
  },
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
