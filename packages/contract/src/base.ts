import { baseNameLabel, findImage, type ImageInspection } from '@stagecraft/engine'
import type { Layer } from '@stagecraft/image'
import { BrokenPromise, type Check, type Subject } from './model.ts'

interface Base {
  name: string
  /** Undefined when it is not here. */
  image: ImageInspection | undefined
}

/** The base that the image names in its label; undefined when it names none, or `scratch`. */
export async function findBase(subject: Subject): Promise<Base | undefined> {
  const { Config } = await subject.inspect()
  const name = Config.Labels?.[baseNameLabel]
  return name && name !== 'scratch' ? { name, image: await findImage(name) } : undefined
}

/**
 * Tells the layers of the base that the image names in its label from those that its Dockerfile added. An image that
 * names none, or `scratch`, has added all.
 * @throws BrokenPromise when the base is not there to compare with, or the image is not built on it
 */
export async function splitLayers(check: Check, subject: Subject): Promise<{ base: Layer[]; own: Layer[] }> {
  const { layers } = await subject.archive()
  const base = await findBase(subject)
  if (!base) return { base: [], own: layers }
  const { name, image } = base
  if (!image)
    throw new BrokenPromise(
      check,
      `the base ${name} is not here, so what the image adds to it cannot be told`,
      `the label ${baseNameLabel}; if it is right: docker pull ${name}`,
    )
  const diffIds = image.RootFS.Layers ?? []
  if (diffIds.some((diffId, index) => diffId !== layers[index]?.diffId))
    throw new BrokenPromise(
      check,
      `the image is not built on the ${name} that is here`,
      `the label ${baseNameLabel}; if it is right, build the image again`,
    )
  return { base: layers.slice(0, diffIds.length), own: layers.slice(diffIds.length) }
}
