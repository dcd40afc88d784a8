import { findImage, type ImageInspection } from '@stagecraft/engine'
import type { Layer } from '@stagecraft/image'
import { BrokenPromise, type Check, type Subject } from './model.ts'

/** The base of the image; undefined when it has none, or it is not here. */
export async function findBase({ base }: Subject): Promise<ImageInspection | undefined> {
  return base === 'scratch' ? undefined : findImage(base)
}

/**
 * Tells the layers of the image's base from those that its Dockerfile added. An image built on `scratch` has added all.
 * @throws BrokenPromise when the base is not there to compare with, or the image is not built on it
 */
export async function splitLayers(check: Check, subject: Subject): Promise<{ base: Layer[]; own: Layer[] }> {
  const { layers } = await subject.archive()
  const { base: name } = subject
  if (name === 'scratch') return { base: [], own: layers }
  const base = await findBase(subject)
  if (!base)
    throw new BrokenPromise(
      check,
      `the base ${name} is not here, so what the image adds to it cannot be told`,
      `docker pull ${name}`,
    )
  const diffIds = base.RootFS.Layers ?? []
  if (diffIds.some((diffId, index) => diffId !== layers[index]?.diffId))
    throw new BrokenPromise(
      check,
      `the image is not built on the ${name} that is here`,
      'FROM in the Dockerfile; if it is right, build the image again',
    )
  return { base: layers.slice(0, diffIds.length), own: layers.slice(diffIds.length) }
}
