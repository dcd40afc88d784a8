import { setImmediate } from 'node:timers/promises'
import { type BakeImage, baseImages } from '@stagecraft/engine'

export type OrderOptions = {
  /** Settles when the base image is there, rejects when it cannot be had. */
  base: (name: string) => Promise<unknown>
  /** While it has images, which are of the first batch, none of another batch comes. */
  first: ReadonlySet<BakeImage>
  signal: AbortSignal
  /** Called when nothing can be built until another base is there. */
  onWait: () => void
  /** Called for an image whose base cannot be had: it comes in no batch. */
  onMissing: (image: BakeImage, error: unknown) => void
}

/**
 * Batches, or of a batch the images whose bases are there, as soon as there is one; those of the first batches first.
 * While one of an earlier batch waits for its base, images of a later one come one by one, so that it waits for no more
 * than one of them. Ends when the signal is aborted.
 */
export async function* inOrder(
  root: string,
  batches: readonly (readonly BakeImage[])[],
  { base, first, signal, onWait, onMissing }: OrderOptions,
): AsyncGenerator<readonly BakeImage[]> {
  const ready = new Set<BakeImage>()
  const missing = new Map<BakeImage, Promise<void>>()
  for (const image of batches.flat()) {
    const bases = await baseImages(root, [image])
    const settled = Promise.all(bases.map(base)).then(
      () => void ready.add(image),
      (error) => void (signal.aborted || onMissing(image, error)),
    )
    missing.set(
      image,
      settled.finally(() => missing.delete(image)),
    )
  }
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
  for (;;) {
    // What settles at the same moment comes in one batch.
    await setImmediate()
    const next = first.size > 0 ? batches.slice(0, 1) : batches
    const place = next.findIndex((each) => each.some((image) => ready.has(image)))
    const built = next[place]?.filter((image) => ready.has(image))
    if (built) {
      const wanted = next.slice(0, place).flat()
      const batch = wanted.some((image) => missing.has(image)) ? built.slice(0, 1) : built
      for (const image of batch) ready.delete(image)
      yield batch
    } else if (missing.size > 0) {
      onWait()
      await Promise.race([...missing.values(), aborted])
      signal.throwIfAborted()
    } else return
  }
}

/** As `express-api dev, prod and react-spa prod`. */
export function nameBatch(batch: readonly BakeImage[]): string {
  const apps = [...new Set(batch.map(({ app }) => app))]
  const variantsOf = (name: string) => batch.filter(({ app }) => app === name).map(({ variant }) => variant)
  return apps.map((app) => `${app} ${variantsOf(app).join(', ')}`).join(' and ')
}
